import { expect, test } from 'vitest';
import { packages } from '../workspace.js';
import { entriesOf } from './entries.js';

/** @param {object} fields */
const entries = (fields) =>
  entriesOf({ directory: '/nowhere', manifest: { name: 'some', version: '1.0.0', ...fields } });

test('exports and imports name the built files and their sources, for each place', () => {
  const built = (/** @type {string} */ name) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
  expect(
    entries({
      exports: {
        '.': {
          '@polytask/source': { browser: './src/page.ts', default: './src/index.ts' },
          browser: built('page'),
          ...built('index'),
        },
        './page': { '@polytask/source': './src/page.ts', ...built('page') },
        './package.json': './package.json',
      },
      imports: {
        '#files': {
          '@polytask/source': { node: './src/files/node.ts', default: './src/files/browser.ts' },
          types: './dist/files/node.d.ts',
          node: './dist/files/node.js',
          default: './dist/files/browser.js',
        },
      },
    }),
  ).toEqual({
    named: {
      index: './src/index.ts',
      page: './src/page.ts',
      'files/node': './src/files/node.ts',
      'files/browser': './src/files/browser.ts',
    },
    further: {},
    bundled: {},
  });
});

test.each([
  ['no "types"', { '@polytask/source': './src/a.ts', default: './dist/a.js' }],
  ["can't be built as ./lib/a.js", { '@polytask/source': './src/a.ts', types: './lib/a.d.ts', default: './lib/a.js' }],
  [
    "./src/b.ts can't be built as ./dist/a.js",
    {
      '@polytask/source': { node: './src/a.ts', default: './src/b.ts' },
      types: './dist/a.d.ts',
      default: './dist/a.js',
    },
  ],
])('an entry that the build would get wrong is an error: %s', (message, target) => {
  expect(() => entries({ exports: { '.': target } })).toThrow(message);
});

test('each package has an entry, and what the workers of the bench run is built', () => {
  const all = new Map(packages().map((package_) => [package_.manifest.name, entriesOf(package_)]));
  expect([...all].filter(([, { named }]) => named['index'] !== './src/index.ts')).toEqual([]);
  expect(Object.keys(all.get('@polytask/bench')?.further ?? {})).toEqual(['cli', 'trial-worker']);
  const balancers = Object.values(all.get('@polytask/balancing')?.further ?? {});
  expect(balancers).toContain('./src/gramian/pc-grad.ts');
  expect(balancers.filter((file) => /test/.test(file))).toEqual([]);
});
