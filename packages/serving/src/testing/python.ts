import { spawnSync } from 'node:child_process';

/** The system's Python, for which Debian has the packages `python3-onnx` and `python3-onnxruntime`. */
const PYTHON = '/usr/bin/python3';

export const hasPython = (module: string): boolean =>
  spawnSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;

/** Runs Python in a folder, by default that of the scripts. Returns the output. @throws Error with the end of stderr when Python fails */
export function python(args: readonly string[], cwd: string = import.meta.dirname): string {
  const { status, stdout, stderr } = spawnSync(PYTHON, args, { encoding: 'utf8', maxBuffer: 1 << 28, cwd });
  if (status !== 0) throw new Error(`Python ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}
