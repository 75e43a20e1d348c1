import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.js';

/** Pages that people read from their beginning. Decisions and results are looked up. */
const GUIDES = /^([A-Z]+|docs\/[^/]+|(packages|apps)\/[^/]+\/README)\.md$/;

/**
 * The files of the repository whose path matches, those that git doesn't know yet included.
 * @param {RegExp} pattern @returns {{ file: string, text: string }[]}
 */
export const filesLike = (pattern) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => pattern.test(file))
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

/** What `npm run write-options` writes: it is looked up. */
const OPTIONS = /<!-- options: [^]*?<!-- end of options -->/g;

/** The guides and READMEs, without their tables of options. Lines keep their numbers. */
export const readGuides = () =>
  filesLike(GUIDES).map(({ file, text }) => ({
    file,
    text: text.replace(OPTIONS, (all) => all.replace(/[^\n]/g, '')),
  }));
