import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Loader, Outcome } from '../outcome.ts';

/** The time for reading one example. */
const DEADLINE = 10_000;

/** Reads files in another process, and ends the process after 10 s. */
export function processLoader(): { load: Loader; close: () => void } {
  const program = fileURLToPath(new URL('./load-process.ts', import.meta.url));
  const start = () => fork(program, { serialization: 'advanced', stdio: 'ignore' });
  let child: ReturnType<typeof start> | undefined;
  const close = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };
  return {
    close,
    load: ({ name }, files, whole) =>
      new Promise<Outcome>((resolve) => {
        const current = (child ??= start());
        const settle = (outcome: Outcome) => {
          clearTimeout(timer);
          current.off('message', settle).off('exit', onExit);
          resolve(outcome);
        };
        const onExit = (code: number | null, signal: string | null) => {
          child = undefined;
          settle({ kind: 'crash', message: `the process ended by ${signal ?? `code ${code}`}` });
        };
        const onHang = () => {
          settle({ kind: 'hang', message: `longer than ${DEADLINE / 1000} s` });
          close();
        };
        const timer = setTimeout(onHang, DEADLINE);
        current.on('message', settle).on('exit', onExit);
        current.send({ name, files, whole });
      }),
  };
}
