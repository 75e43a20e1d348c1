import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The system's Python, for which Debian has the packages `python3-onnx` and `python3-onnxruntime`. */
const PYTHON = '/usr/bin/python3';

export const hasPython = (module: string): boolean =>
  spawnSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;

/** Runs a script of this folder, or a program. Returns the output. @throws Error with the end of stderr when Python fails */
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
