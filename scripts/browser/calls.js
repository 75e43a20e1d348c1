/** A call of a function of a program, as JSON. @typedef {{ call: string, options: any }} Request */

/**
 * Lets a page, and the worker that has the same script, be asked for the functions of a program. The page gets `here`, which
 * calls a function in the page, and `inWorker`, which calls it in a new worker.
 *
 * @param {Readonly<Record<string, (options: any) => Promise<any>>>} program
 */
export function takeCalls(program) {
  /** @param {Request} request */
  const here = ({ call, options }) => program[call](options);
  if (typeof document !== 'undefined') Object.assign(globalThis, { here, inWorker });
  else
    self.onmessage = ({ data }) =>
      here(data).then(
        (result) => self.postMessage({ result }),
        (error) => self.postMessage({ error: error.message }),
      );
}

/** @param {Request} request @returns {Promise<any>} */
function inWorker(request) {
  const worker = new Worker('/page.js', { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => ('error' in data ? reject(new Error(data.error)) : resolve(data.result));
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
