import { spawn } from 'node:child_process';

/**
 * A process that prints its address.
 *
 * @typedef {object} StartedProcess
 * @property {import('node:child_process').ChildProcess} child
 * @property {string} url
 * @property {Promise<number | null>} ended its exit code
 */

/**
 * Starts a process and waits until it prints a URL.
 *
 * @param {string} command @param {readonly string[]} args @returns {Promise<StartedProcess>}
 */
export function startProcess(command, args) {
  const child = spawn(command, args, { stdio: 'pipe' });
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    let text = '';
    let errors = ''; // the end of it, shown only if the process fails: Python is talkative
    child.stderr.on('data', (piece) => (errors = (errors + String(piece)).slice(-2000)));
    child.stdout.on('data', (piece) => {
      text += String(piece);
      const url = /http:\/\/[\d.:]+/.exec(text)?.[0];
      if (url) resolve({ child, url, ended });
    });
    child.once('error', reject);
    void ended.then((code) => reject(new Error(`${command} ended with ${code} before it had an address:\n${errors}`)));
  });
}
