/**
 * Type-checks every block of TypeScript and JavaScript in guides and READMEs, and runs it:
 *
 *     npm run check-docs-code [-- --only docs/training.md,README.md]
 *
 * A block may use names that it neither declares nor imports. They come from earlier blocks of the page, from `docs-code/reader.ts`, or
 * from the packages. A block with imports must have all imports from the packages, or an earlier block of the page has them. The words behind a block's language may say why it isn't run (`not run: REASON`), or which file has the same
 * code and is run by a test (`runs in FILE`). Prints what fails and what isn't run. Exits with 1 if a block fails.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeBlocks, hasCode } from './docs-code/code-blocks.js';
import { knownNames, faultsOf, programOf } from './docs-code/program.js';
import { moduleOf, unknownNames } from './docs-code/modules.js';
import { runPages } from './docs-code/run-pages.js';
import { missingImports, withImports } from './docs-code/with-imports.js';
import { readGuides } from './docs-pages.js';
import { packages, ROOT } from './workspace.js';

/** CONTRIBUTING is about files of this repository. */
const OTHERS = ['CONTRIBUTING.md'];
const ENDINGS = new Map(Object.entries({ ts: '.ts', js: '.js' }));

/** Modules of blocks are in the repository, because they import its packages. */
const DIRECTORY = join(import.meta.dirname, 'scratch/docs-code');
const READER = join(import.meta.dirname, 'docs-code/reader.ts');
const CATALOG = join(DIRECTORY, 'catalog.ts');

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = values.only?.split(',');

let faults = 0;
/** @param {string} place @param {string} message */
function report(place, message) {
  faults++;
  console.log(`✗ ${place} ${message.trimEnd().replace(/\n/g, '\n    ')}`);
}

const blocks = readGuides()
  .filter(({ file }) => (only ? only.includes(file) : !OTHERS.includes(file)))
  .flatMap(({ file, text }) =>
    codeBlocks(text).flatMap((block) => {
      const ending = ENDINGS.get(block.language);
      if (ending === undefined) return [];
      const path = join(DIRECTORY, file.replace(/\W/g, '-'), `line-${block.line}${ending}`);
      return { ...block, file, module: moduleOf(path, block.text.replaceAll("from 'npm:", "from '")) }; // Deno's names
    }),
  );
const elsewhere = blocks.filter(({ runsIn }) => runsIn !== undefined);
const here = blocks.filter(({ runsIn }) => runsIn === undefined);
const pages = [...new Set(here.map(({ file }) => file))].map((file) => here.filter((block) => block.file === file));

for (const { file, line, text, runsIn = '' } of elsewhere)
  if (!existsSync(join(ROOT, runsIn)) || !hasCode(readFileSync(join(ROOT, runsIn), 'utf8'), text))
    report(`${file}:${line}`, `${runsIn} doesn't have this code.`);

/** The modules that blocks may use without importing them. */
function catalog() {
  const entries = packages().flatMap(({ manifest: { name, exports = {} } }) =>
    Object.entries(exports).flatMap(([key, value]) =>
      value instanceof Object && '@polytask/source' in value ? [name + key.slice(1)] : [],
    ),
  );
  return [READER, ...entries].map((entry) => `import '${entry}';`).join('\n');
}

try {
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(CATALOG, catalog());
  const known = programOf([CATALOG]);
  const names = knownNames(known, CATALOG);
  const unknown = unknownNames(here.map(({ module }) => module));
  for (const page of pages)
    page.forEach(({ file, line, module }, i) => {
      const earlier = page.slice(0, i).map((block) => block.module);
      const lacking = unknown.get(module.path) ?? new Set();
      for (const [name, from] of missingImports(module, lacking, earlier, names))
        report(`${file}:${line}`, `imports, but not ${name} from ${from}.`);
      mkdirSync(dirname(module.path), { recursive: true });
      writeFileSync(module.path, withImports(module, lacking, earlier, names));
    });
  const program = programOf(
    here.map(({ module }) => module.path),
    known,
  );
  for (const { file, line, module } of here)
    for (const fault of faultsOf(program, module.path)) report(`${file}:${line + fault.line}`, fault.message);
  const run = pages.map((page) => page.filter(({ notRun }) => notRun === undefined));
  const wrong = runPages(run.map((page) => page.map(({ module }) => module.path)));
  for (const { file, line, module } of run.flat()) {
    const fault = wrong.get(module.path);
    if (fault) report(`${file}:${line}`, fault);
  }
} finally {
  rmSync(DIRECTORY, { recursive: true, force: true });
}

for (const { file, line, notRun } of here) if (notRun) console.log(`- ${file}:${line} isn't run: ${notRun}`);
console.log(
  `${blocks.length} blocks: ${elsewhere.length} run by tests, ${here.filter(({ notRun }) => notRun).length} not run, ${faults} faults.`,
);
if (faults > 0) process.exitCode = 1;
