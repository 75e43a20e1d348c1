import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
 * @param {{ setup: Setup, quick: boolean, clone: Project | undefined, report: (step: Step, text: string, wrong: string) => void }} how
 *   clone: where the steps in a clone run; without one, they are left out. report: told of each step what is wrong, '' if nothing is
 */
export function runSteps(steps, project, { setup, quick, clone, report }) {
  for (const step of steps) {
    if (step.kind === 'text') project.write({ [step.path]: step.text });
    else if (step.kind === 'download') report(step, `save ${step.path}`, download(step, project));
    else if (step.kind === 'fault') report(step, 'code', step.message);
    else if (step.kind === 'omission') continue;
    else {
      const place = step.inClone ? clone : project;
      if (!place) continue;
      report(step, step.command, place.complaint('bash', '-c', shellText(step.command, setup, { quick })));
    }
  }
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
