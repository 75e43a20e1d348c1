import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Debian's Python, which has `python3-onnx` and `python3-onnxruntime` where they are installed. */
const PYTHON = '/usr/bin/python3';

/** Whether Python can import a module. */
export const hasPython = (module: string): boolean =>
  spawnSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;

/** Runs a script of this folder, or a program, and gives what it prints. What it says on stderr is shown when it fails. */
export function python(
  script: { file: string } | { code: string },
  args: readonly string[] = [],
  cwd?: string,
): string {
  const program = 'file' in script ? [join(import.meta.dirname, script.file)] : ['-c', script.code];
  const { status, stdout, stderr } = spawnSync(PYTHON, [...program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    cwd,
  });
  if (status !== 0) throw new Error(`Python ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}
