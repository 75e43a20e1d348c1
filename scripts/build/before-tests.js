import { writeTexts } from '../options/option-texts.js';
import { packages } from '../workspace.js';
import { buildJavascript } from './javascript.js';

/**
 * Vitest's `globalSetup` of the packages whose tests start processes: they run the build, which starts in a sixth of the
 * time that the sources take. Builds once, for all packages (seconds), and again when tests run again in watch mode.
 *
 * @param {import('vitest/node').TestProject} project
 */
export default async function setup(project) {
  await (shared.polytaskBuilt ??= build());
  project.onTestsRerun(build);
}

async function build() {
  writeTexts();
  await Promise.all(packages().map(buildJavascript));
}

/** Each project loads this file anew. */
const shared = /** @type {{ polytaskBuilt?: Promise<void> }} */ (globalThis);
