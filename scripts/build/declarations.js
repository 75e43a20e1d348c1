import { dirname, join, relative, resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import ts from 'typescript';
import { ROOT } from '../workspace.js';
import { withDefaults } from './defaults.js';
import { entriesOf } from './entries.js';
import { removeBuilt } from './javascript.js';

/** @typedef {import('./entries.js').Package} Package */
/** @typedef {ReadonlyMap<string, string>} Declarations path of a source → its declarations */

/**
 * The declarations of all sources that the packages' entries lead to. One program reads every file once. It doesn't check bodies:
 * that is `npm run typecheck`.
 * @param {readonly Package[]} packages @returns {Declarations}
 * @throws when TypeScript can't write the declarations of a file
 */
export function declarationsOf(packages) {
  const { options } = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, 'tsconfig.base.json'),
    { noEmit: false, noCheck: true, declaration: true, emitDeclarationOnly: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  ) ?? { options: {} };
  const roots = packages.flatMap((package_) =>
    Object.values(entriesOf(package_).named).map((source) => join(package_.directory, source)),
  );
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  host.readFile = (file) => {
    const text = readFile(file);
    return text === undefined || file.includes('node_modules') ? text : withDefaults(text, file);
  };
  const program = ts.createProgram(roots, options, host);
  /** @type {Map<string, string>} */
  const declarations = new Map();
  const { diagnostics } = program.emit(undefined, (_, text, __, ___, sources) => {
    const source = sources?.[0];
    if (source) declarations.set(resolve(source.fileName), text);
  });
  const problems = [...program.getConfigFileParsingDiagnostics(), ...program.getOptionsDiagnostics(), ...diagnostics];
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, HOST));
  return declarations;
}

/** @type {ts.FormatDiagnosticsHost} */
const HOST = { getCurrentDirectory: () => ROOT, getCanonicalFileName: (file) => file, getNewLine: () => '\n' };

/**
 * Writes a file of declarations for each entry of a package into `dist`, and for what entries share.
 * @param {Package} package_ @param {Declarations} declarations
 */
export async function bundleDeclarations(package_, declarations) {
  const { directory } = package_;
  const { named } = entriesOf(package_);
  const input = Object.entries(named).map(([name, source]) => [name, declarationFile(join(directory, source))]);
  const bundle = await rollup({
    input: Object.fromEntries(input),
    external: /^[^./]/,
    onwarn({ message }) {
      if (!UNNAMED.test(message)) throw new Error(`${package_.manifest.name}: ${message}`);
    },
    plugins: [reading(declarations), dts(), onlyTypes(declarations)],
  });
  removeBuilt(join(directory, 'dist'), /\.d\.ts$/);
  await bundle.write({
    dir: join(directory, 'dist'),
    entryFileNames: '[name].d.ts',
    chunkFileNames: ({ name }) => `${name.replace(/\.d$/, '')}-[hash].d.ts`,
  });
  await bundle.close();
}

/** An entry shares a type with another entry, and programs can't import it by a name: it is what a part of an interface is. */
const UNNAMED = /still references private shared type exports/;

const declarationFile = (/** @type {string} */ source) => source.replace(/\.ts$/, '.d.ts');
const sourceFile = (/** @type {string} */ file) => file.replace(/\.d\.ts$/, '.ts');

/** Rollup reads declarations from memory. They import one another by the names of the sources. @param {Declarations} declarations */
const reading = (declarations) => ({
  name: 'declarations-in-memory',
  /** @param {string} id @param {string | undefined} importer */
  resolveId: (id, importer) => (importer ? declarationFile(resolve(dirname(importer), id)) : id),
  /** @param {string} file */
  load(file) {
    const text = declarations.get(sourceFile(file));
    if (text === undefined) throw new Error(`no declarations were written for ${relative(ROOT, sourceFile(file))}`);
    return text;
  },
});

/** Rollup writes `export type * from 'x'` as `export * from 'x'`, which would promise the values, too. @param {Declarations} declarations */
const onlyTypes = (declarations) => ({
  name: 'only-types',
  /** @param {string} code @param {{ moduleIds: string[] }} chunk */
  renderChunk(code, { moduleIds }) {
    const texts = moduleIds.map((id) => declarations.get(sourceFile(id)) ?? '').join('\n');
    const sources = [...texts.matchAll(/^export type \* from '([^']+)'/gm)];
    return sources.reduce((text, [all, from]) => text.replace(`export * from '${from}'`, all), code);
  },
});
