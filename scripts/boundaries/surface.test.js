import { expect, test } from 'vitest';
import { filesLike } from '../docs-pages.js';
import { packages } from '../workspace.js';
import { importsIn, taughtWords } from './surface.js';

const manifests = packages().map(({ manifest }) => manifest);
const taught = taughtWords();
const inApps = filesLike(/^apps\/.+\.tsx?$/).flatMap(({ text }) => importsIn(text));
const known = new Set([...taught, ...inApps.map(({ name }) => name)]);
const imports = filesLike(/^(packages|scripts)\/.+\.[jt]s$/).flatMap(({ file, text }) =>
  importsIn(text).map((found) => ({ file, ...found })),
);

/** The values of an entry. @param {string} entry @returns {Promise<string[]>} */
const valuesOf = async (entry) => Object.keys(await import(/* @vite-ignore */ entry));

/** The names that files of other packages import from an entry of a package. @param {string} name @param {string} entry */
const usedElsewhere = (name, entry) => {
  const folder = `packages/${name.replace('@polytask/', '')}/`;
  return imports.filter(({ file, from }) => from === entry && !file.startsWith(folder)).map((found) => found.name);
};

test('imports are found by their names in the other package', () => {
  const text = "import {\n  a as b,\n  type C,\n} from 'x';\nexport { d } from './y.ts';";
  expect(importsIn(text)).toEqual([
    { name: 'a', from: 'x' },
    { name: 'C', from: 'x' },
    { name: 'd', from: './y.ts' },
  ]);
});

test.each(manifests)('$name exports values that guides, examples or apps use', async ({ name, exports }) => {
  const others = (await valuesOf(name)).filter((value) => !known.has(value));
  const used = usedElsewhere(name, name);
  expect(others.filter((value) => !used.includes(value))).toEqual([]);
  expect(exports?.['./internal'] ? others : others.slice(2)).toEqual([]); // two are too few for an entry
});

test.each(manifests.filter(({ exports }) => exports?.['./internal']))(
  '$name/internal has values that other packages use',
  async ({ name }) => {
    const used = usedElsewhere(name, `${name}/internal`);
    expect((await valuesOf(`${name}/internal`)).filter((value) => !used.includes(value))).toEqual([]);
  },
);

test('polytask exports at most 300 values, and guides or examples use each', async () => {
  const values = await valuesOf('polytask');
  expect(values.length).toBeLessThanOrEqual(300);
  expect(values.filter((value) => !taught.has(value))).toEqual([]);
});
