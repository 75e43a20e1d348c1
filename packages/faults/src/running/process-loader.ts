import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Loader, Outcome } from '../format.ts';

const DEADLINE = 10_000;

/** Reads files in another process, and ends the process after 10 s. */
export function processLoader(): { load: Loader; close: () => void } {
  const program = fileURLToPath(new URL('./load-process.ts', import.meta.url));
  const start = async () => {
    const started = fork(program, { serialization: 'advanced', stdio: 'ignore' });
    await once(started, 'message'); // its start has no deadline
    return started;
  };
  let child: Awaited<ReturnType<typeof start>> | undefined;
  const close = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };
  return {
    close,
    async load({ name }, files, whole) {
      const current = (child ??= await start());
      return new Promise<Outcome>((resolve) => {
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
      });
    },
  };
}
