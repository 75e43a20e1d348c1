import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as program from './program.js';

// The script of the page and of its worker. The page calls a function of the program here or in the worker.

/** @typedef {keyof typeof program} Call @typedef {{ call: Call, options: any }} Request */

setWasmPaths('/');

/** @param {Request} request @returns {Promise<any>} */
const answer = ({ call, options }) => program[call](options);

const isWorker = typeof document === 'undefined';

/** Calls a function of the program in a new worker. @param {Request} request @returns {Promise<any>} */
function askWorker(request) {
  const worker = new Worker(import.meta.url, { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => ('error' in data ? reject(new Error(data.error)) : resolve(data.result));
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

/** The longest task of the page while a worker answers, in ms; 0 when none was longer than 50 ms. @param {Request} request */
async function longestTask(request) {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ type: 'longtask' });
  await askWorker(request);
  await new Promise((resolve) => setTimeout(resolve, 100)); // an entry comes after its task
  observer.disconnect();
  return longest;
}

if (isWorker) {
  self.onmessage = ({ data }) =>
    answer(data).then(
      (result) => self.postMessage({ result }),
      (error) => self.postMessage({ error: error.message }),
    );
} else Object.assign(globalThis, { here: answer, inWorker: askWorker, longestTask });
