import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packages, ROOT } from '../workspace.js';

const README = 'README.md';
const directories = packages().map(({ directory }) => directory);
const readmes = [ROOT, ...directories].map((directory) => join(directory, README)).filter((file) => existsSync(file));

/** The packages that the install commands of a README install. @param {string} text */
const installed = (text) =>
  [...text.matchAll(/\bnpm install ([^`\n]*)/g)].flatMap(([, names = '']) => names.split(' '));

/** The packages that its programs import. @param {string} text */
const imported = (text) =>
  [...text.matchAll(/\bfrom '((?:@[^/']+\/)?[^/'.]+)/g)].flatMap(([, name = '']) =>
    name.startsWith('node:') ? [] : [name],
  );

// npm puts the packages of a package where programs find them, pnpm doesn't
test.each(
  readmes
    .map((file) => [file.slice(ROOT.length), readFileSync(file, 'utf8')])
    .filter(([, text]) => installed(text).length > 0),
)('the install line of %s has all that its programs import', (_, text) => {
  expect(imported(text).filter((name) => !installed(text).includes(name))).toEqual([]);
});
