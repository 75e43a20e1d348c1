import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleDeclarations, declarationsOf } from './declarations.js';
import { buildJavascript } from './javascript.js';

/** @typedef {import('./entries.js').Package} Package */

const entry = (/** @type {string} */ name) => ({
  '@polytask/source': `./src/${name}.ts`,
  types: `./dist/${name}.d.ts`,
  default: `./dist/${name}.js`,
});

const MANIFEST = {
  name: 'some',
  version: '1.0.0',
  type: 'module',
  exports: { '.': entry('index'), './parts': entry('parts') },
  imports: { '#size': entry('size') },
};

const SOURCES = {
  'src/index.ts': `import { size } from '#size';
import { sep } from 'node:path';
import { part, type Part } from './parts.ts';
/** All of it. */
export const whole = (...names: string[]) => ({ separator: sep, size: size(names), parts: names.map(part) });
export type Whole = readonly Part[];
export type * from 'node:path';
`,
  'src/parts.ts': `export { type Part } from './part.ts';
import { type Part } from './part.ts';
export const part = (name: string): Part => ({ name });
`,
  'src/part.ts': 'export interface Part { readonly name: string }\n',
  'src/size.ts': 'export const size = (names: readonly string[]): number => names.length;\n',
};

/** A package of its own, which is gone after the test. @param {Record<string, string>} [files] @returns {Package} */
function packageOf(files) {
  const directory = mkdtempSync(join(tmpdir(), 'polytask-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [file, text] of Object.entries({ 'package.json': JSON.stringify(MANIFEST), ...SOURCES, ...files })) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  return { directory, manifest: MANIFEST };
}

/** @param {string} directory */
const filesIn = (directory) =>
  Object.fromEntries(
    readdirSync(join(directory, 'dist'))
      .sort()
      .map((file) => [file, readFileSync(join(directory, 'dist', file), 'utf8')]),
  );

test(
  'a built package has JavaScript, source maps and declarations, all by the names of built files',
  { tags: ['long'] },
  async () => {
    const some = packageOf();
    const { directory } = some;
    await buildJavascript(some);
    await bundleDeclarations(some, declarationsOf([some]));

    const files = filesIn(directory);
    expect(Object.keys(files).filter((file) => !file.includes('-'))).toEqual(
      ['index', 'parts', 'size'].flatMap((name) => [`${name}.d.ts`, `${name}.js`, `${name}.js.map`]),
    );
    const texts = Object.entries(files).filter(([file]) => !file.endsWith('.map'));
    expect(texts.filter(([, text]) => /['"]\..*\.ts['"]/.test(text))).toEqual([]);
    expect(files['index.js']).toContain('from "node:path"');
    expect(files['index.js']).toContain('from "#size"');
    expect(files['index.d.ts']).toContain('/** All of it. */');
    expect(files['index.d.ts']).toContain('parts: Part[]');
    expect(files['index.d.ts']).toContain("export type * from 'node:path';");
    expect(JSON.parse(files['index.js.map'])).toMatchObject({ sourcesContent: [SOURCES['src/index.ts']] });

    const program = "import { whole } from 'some'; console.log(JSON.stringify(whole('a', 'b')))";
    const run = ['--input-type', 'module', '--eval', program];
    expect(JSON.parse(execFileSync(process.execPath, run, { cwd: directory, encoding: 'utf8' }))).toEqual({
      separator: sep,
      size: 2,
      parts: [{ name: 'a' }, { name: 'b' }],
    });
  },
);

test('JavaScript alone leaves the declarations, and no file of a former build', async () => {
  const some = packageOf({ 'dist/index.d.ts': 'export {};', 'dist/chunk-OLD.js': '', 'dist/chunk-OLD.js.map': '{}' });
  await buildJavascript(some);
  expect(Object.keys(filesIn(some.directory))).toEqual(expect.arrayContaining(['index.d.ts', 'index.js']));
  expect(Object.keys(filesIn(some.directory)).filter((file) => file.includes('OLD'))).toEqual([]);
});

test('a type that no declaration can name stops the build', { tags: ['long'] }, () => {
  const hidden = 'export const hidden = class { private secret = 1; };';
  const some = packageOf({ 'src/part.ts': `${SOURCES['src/part.ts']}${hidden}` });
  expect(() => declarationsOf([some])).toThrow(/src\/part\.ts.*error TS4094: Property 'secret'/);
});
