import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { report, secondsSince } from '../report.js';
import { ROOT } from '../workspace.js';
import { shellText } from './setup.js';

/**
 * @typedef {import('./read-steps.js').Step} Step @typedef {import('./setup.js').Setup} Setup
 * @typedef {import('../registry/project.js').Project} Project
 */

/** Where a link to a file of the repository leads, when it is read on npm. */
const REPOSITORY = 'https://raw.githubusercontent.com/polytask/polytask/main/';

/**
 * Does what a README says, step by step, in a folder that was empty. A step that fails doesn't stop the others.
 *
 * @param {readonly Step[]} steps @param {Project} project
 * @param {{ file: string, setup: Setup, quick: boolean, clone?: Project | undefined }} how
 *   clone: where the steps in a clone run; without one, they are left out
 * @returns {number} how many steps failed. Each has a line
 */
export function runSteps(steps, project, { file, setup, quick, clone }) {
  let failed = 0;
  for (const step of steps) {
    const start = performance.now();
    /** @param {string} text @param {string} wrong */
    const done = (text, wrong) => {
      if (!report(`${file}:${step.line} ${text} (${secondsSince(start)})`, wrong)) failed++;
    };
    if (step.kind === 'text') project.write({ [step.path]: step.text });
    else if (step.kind === 'download') done(`save ${step.path}`, download(step, project));
    else if (step.kind === 'fault') done('code', step.message);
    else if (step.kind === 'omission') continue;
    else {
      const place = step.inClone ? clone : project;
      if (place) done(step.command, place.complaint('bash', '-c', shellText(step.command, setup, { quick })));
    }
  }
  return failed;
}

/** @param {{ path: string, source: string }} step @param {Project} project @returns {string} what is wrong */
function download({ path, source }, { write }) {
  try {
    write({ [path]: readFileSync(join(ROOT, source.replace(REPOSITORY, '')), 'utf8') });
    return '';
  } catch (error) {
    return String(error);
  }
}
