import { Worker } from 'node:worker_threads';
import type { Loader, Outcome } from '../outcome.ts';

/** The time for reading one example. */
const DEADLINE = 10_000;

/** Reads files in a thread, and ends the thread after 10 s. */
export function threadLoader(): { load: Loader; close: () => Promise<void> } {
  const start = () => new Worker(new URL('./load-thread.ts', import.meta.url));
  let thread: Worker | undefined;
  const close = async () => {
    await thread?.terminate();
    thread = undefined;
  };
  return {
    close,
    load: ({ name }, files, whole) =>
      new Promise<Outcome>((resolve) => {
        const current = (thread ??= start());
        const settle = (outcome: Outcome) => {
          clearTimeout(timer);
          current.off('message', settle).off('error', onError);
          resolve(outcome);
        };
        const onError = (error: Error) => {
          thread = undefined;
          settle({ kind: 'crash', message: `the thread ended: ${error.message}` });
        };
        const onHang = () =>
          void close().then(() => settle({ kind: 'hang', message: `longer than ${DEADLINE / 1000} s` }));
        const timer = setTimeout(onHang, DEADLINE);
        current.on('message', settle).on('error', onError);
        current.postMessage({ name, files, whole });
      }),
  };
}
