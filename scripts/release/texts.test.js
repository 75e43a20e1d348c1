import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../workspace.js';
import { withPeerRange, withVersion } from './texts.js';

const MANIFEST = `{
  "dependencies": {
    "@polytask/data": "^0.1.0"
  },
  "peerDependencies": {
    "@polytask/core": "^0.1.0",
    "@tensorflow/tfjs": "^4.22.0"
  },
  "devDependencies": {
    "@polytask/core": "^0.1.0"
  }
}
`;

test('the range of a peer of Polytask changes, and nothing else', () => {
  expect(withPeerRange(MANIFEST, '*')).toBe(MANIFEST.replace('"@polytask/core": "^0.1.0",', '"@polytask/core": "*",'));
  expect(withPeerRange(withPeerRange(MANIFEST, '*'), '^0.1.0')).toBe(MANIFEST);
  expect(withPeerRange('{ "name": "alone" }', '*')).toBe('{ "name": "alone" }');
});

test('each workspace of the fixed group has a version, which Changesets compares', () => {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => join(parent, name)),
  );
  const manifests = folders
    .map((folder) => join(ROOT, folder, 'package.json'))
    .filter(existsSync)
    .map((file) => JSON.parse(readFileSync(file, 'utf8')));
  expect(manifests.length).toBeGreaterThan(20);
  expect(manifests.filter(({ version }) => !/^\d+\.\d+\.\d+$/.test(version)).map(({ name }) => name)).toEqual([]);
});

test('the version file of components gets the version', () => {
  const source = readFileSync(join(ROOT, 'packages/components/src/version.ts'), 'utf8');
  expect(withVersion(source, '7.8.9')).toContain("export const VERSION = '7.8.9';");
});

test('the changelog has the sentences of a changeset, and one line for all siblings', async () => {
  const { getReleaseLine, getDependencyReleaseLine } = createRequire(import.meta.url)(
    join(ROOT, '.changeset/changelog.cjs'),
  );
  expect(await getReleaseLine({ summary: 'It is faster.\n\n```ts\nuse(it);\n```', commit: 'abcdef123' })).toBe(
    '- It is faster.\n\n  ```ts\n  use(it);\n  ```',
  );
  const updated = [{ name: '@polytask/core', newVersion: '1.0.0' }];
  expect(await getDependencyReleaseLine([{ commit: 'abcdef123' }], updated)).toBe(
    '- The other packages of Polytask have version 1.0.0 too. Their changelogs say what is new in them.',
  );
  expect(await getDependencyReleaseLine([], [])).toBe('');
});
