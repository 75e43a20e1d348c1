/** A function can't be compiled. The message names the operation and says what to do instead. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
  /** The TF.js kernel that can't be compiled, where it is one. */
  readonly kernel: string | undefined;

  constructor(message: string, options: { kernel?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kernel = options.kernel;
  }
}
