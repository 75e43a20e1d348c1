import * as tf from '@tensorflow/tfjs-core';

/** The error of a function that can't be compiled. The message names the operation, and says what to do instead. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
  /** The TF.js kernel that can't be compiled. Undefined when the error has another reason. */
  readonly kernel: string | undefined;

  constructor(message: string, options: { kernel?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kernel = options.kernel;
  }
}

/** The TF.js operation that is running, such as `tf.pad`. TF.js names the scope of this operation `pad__op`. */
export function runningOperation(): string | undefined {
  const scope = tf.engine().state.activeScope?.name ?? '';
  return scope.endsWith('__op') ? `tf.${scope.slice(0, -'__op'.length)}` : undefined;
}

export function notTraced(kernel: string, cause?: unknown): CompileError {
  const running = runningOperation();
  const operation = running ? `${running} (kernel ${kernel})` : `the TF.js kernel ${kernel}`;
  return new CompileError(
    `The function uses ${operation}, which can't be compiled. Write it with other operations, compute it before and pass it ` +
      'as an input, run the function eagerly on a TF.js backend, or add the kernel (docs/compile.md).',
    { kernel, cause },
  );
}

/** Refuses options that a function doesn't have. This package stands below the one that checks options elsewhere. */
export function requireOptions<C extends object>(
  where: string,
  options: C,
  known: readonly (keyof C & string)[],
): void {
  const other = Object.keys(options).find((name) => !known.includes(name as keyof C & string));
  if (other === undefined) return;
  throw new Error(
    `Expected ${known.join(', ')} as options of ${where}, received ${other}. Correct the name, or leave it out.`,
  );
}
