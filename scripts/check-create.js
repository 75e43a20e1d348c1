/**
 * Creates every project that `npm create polytask` makes, from packed packages, and uses each as its owner would. Then it does the same
 * with examples/outside-package:
 *
 *     node scripts/check-create.js [--only compare,expert,outside-package] [--python FILE]
 *
 * The packages must have been built. Siblings come from their tarballs, everything else from the npm registry. All projects share one
 * installation. A Python with onnxruntime predicts, too. Prints a line a check; exits with 1 if one fails.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inTemporaryDirectory, pack } from './pack.js';
import { INSTALL } from './registry/project.js';
import { report, secondsSince } from './report.js';
import { packages, ROOT } from './workspace.js';

/**
 * @typedef {object} Check
 * @property {string[]} run the arguments of npm, or of Python
 * @property {string} [needs] a module of Python, which runs the check; without it, the check is left out
 * @property {readonly string[]} [reports] names that summary.json must have afterwards
 * @property {string} [results] the file with the names. Default: results/summary.json
 * @property {string} [keeps] a JSON file that must say the same afterwards
 */

const { values } = parseArgs({
  options: { only: { type: 'string' }, python: { type: 'string', default: '/usr/bin/python3' } },
});

const SHORT = ['--seeds', '1', '--epochs', '1', '--limit-rows', '200'];
const KINDS = [
  ...['expert', 'gate', 'architecture', 'balancer', 'loss', 'task', 'label', 'prediction', 'feature', 'metric'],
  ...['calibration', 'threshold', 'pooling', 'penalty', 'schedule', 'search', 'reader', 'tracker'],
];

/** The comparison of a kind, where it isn't one that names the component. @type {Readonly<Record<string, Partial<Check>>>} */
const BENCHES = {
  calibration: { run: ['--', '--epochs', '3'], results: 'results/scores.json' },
  threshold: { run: ['--', '--epochs', '3'], results: 'results/model.json' },
  penalty: { reports: ['@acme/penalty-package/penalized'] },
  pooling: { reports: ['shared-bottom'] },
  reader: { reports: ['shared-bottom'] },
  schedule: { run: [], reports: [] },
  tracker: { reports: ['learningRate'], results: 'runs/-acme-tracker-package-single-task-seed-1.csv' },
};

/** The checks of the package with one component. @param {string} kind @returns {Check[]} */
const componentChecks = (kind) => [
  { run: ['run', 'prepublishOnly'] }, // types, tests, build, publint
  { reports: [nameOf(kind)], ...BENCHES[kind], run: ['run', 'bench', ...(BENCHES[kind]?.run ?? ['--', ...SHORT])] },
];

/** @param {string} kind */
const nameOf = (kind) => `@acme/${kind}-package/try-out`;

/** @type {Check[]} */
const COMPARISON_CHECKS = [
  { run: ['run', 'typecheck'] },
  { run: ['run', 'describe'], keeps: 'customers.json' },
  { run: ['run', 'bench', '--', ...SHORT], reports: ['single-task', 'adatt'] },
  { run: ['run', 'train'] },
  { run: ['run', 'predict'] },
];

const OUTSIDE = ['kan', 'siren', 'cosine', 'static-sigmoid', 'pooled-own', 'tjur'].map(
  (name) => `outside-package/${name}`,
);

/** @type {Check[]} */
const OUTSIDE_CHECKS = [
  { run: ['run', 'build'] },
  { run: ['run', 'typecheck'] }, // of programs that import the package by its name, too
  { run: ['test'] },
  ...[
    ['0', 'compiled'],
    ['2', 'compiled'],
    ['2', 'cpu'],
  ].map(([workers, engine]) => ({
    run: [
      'run',
      'bench',
      '--',
      ...SHORT,
      '--workers',
      workers,
      '--engine',
      engine,
      '--out',
      `results-${workers}-${engine}`,
    ],
    results: `results-${workers}-${engine}/summary.json`,
    reports: OUTSIDE,
  })),
  {
    run: ['run', 'bench:balancer', '--', ...SHORT, '--workers', '2'],
    results: 'results-balancer/summary.json',
    reports: ['outside-package/geometric-mean'],
  },
  { run: ['run', 'round-trip'] }, // saves, loads, exports and serves
  { run: ['src/testing/compare.py'], needs: 'onnxruntime' },
];

/** The projects: their checks by the names of their folders. @type {Readonly<Record<string, Check[]>>} */
const PROJECTS = {
  compare: COMPARISON_CHECKS,
  ...Object.fromEntries(KINDS.map((kind) => [kind, componentChecks(kind)])),
  'outside-package': OUTSIDE_CHECKS,
};

/** Runs a command. @param {string} cwd @param {string} command @param {string[]} args */
function complaint(cwd, command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) return `${stdout ?? ''}${stderr ?? ''}` || String(error ?? `exit code ${status}`);
  for (const line of stdout.split('\n').filter((each) => each.includes('largest relative difference')))
    console.log(`  ${line}`);
  return '';
}

/** @param {string} what @param {() => string} find what is wrong, '' if nothing is */
function timed(what, find) {
  const start = performance.now();
  const wrong = find();
  return report(`${what}, ${secondsSince(start)}`, wrong);
}

/** Runs a check, unless this Python lacks its module. @param {string} project its directory @param {string} name @param {Check} check */
function runCheck(project, name, check) {
  const { needs, run } = check;
  const title = `${name} ${needs ? 'python' : 'npm'} ${run.join(' ')}`;
  if (needs && complaint(project, values.python, '-c', `import ${needs}`) !== '')
    console.log(`- ${title}: left out, because ${values.python} has no ${needs}`);
  else timed(title, () => faultOf(project, check));
}

/** @param {string} project its directory @param {Check} check */
function faultOf(project, { run, needs, reports = [], results = 'results/summary.json', keeps }) {
  const content = () => {
    if (!keeps) return undefined;
    const { $schema: _, ...rest } = JSON.parse(readFileSync(join(project, keeps), 'utf8')); // of the folder of node_modules
    return JSON.stringify(rest);
  };
  const before = content();
  const wrong = complaint(project, needs ? values.python : 'npm', ...run);
  if (wrong) return wrong;
  if (content() !== before) return `${keeps} has changed`;
  if (reports.length === 0) return '';
  const text = readFileSync(join(project, results), 'utf8');
  const missing = reports.filter((name) => !text.includes(name));
  return missing.length > 0 ? `${results} has no ${missing.join(', ')}` : '';
}

/** @param {string} directory @param {Readonly<Record<string, unknown>>} manifest */
function install(directory, manifest) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'someone', private: true, ...manifest }));
  return complaint(directory, 'npm', ...INSTALL);
}

/** Makes a project's folder. @param {string} creator where create-polytask is installed @param {string} name @param {string} folder */
function create(creator, name, folder) {
  if (name === 'outside-package') {
    const source = join(ROOT, 'examples', name);
    for (const file of readdirSync(source).filter((each) => !/^(node_modules|dist|results.*)$/.test(each)))
      cpSync(join(source, file), join(folder, file), { recursive: true });
    return '';
  }
  const what = KINDS.includes(name) ? ['component', '--kind', name, '--name', nameOf(name)] : [name];
  return complaint(creator, join('node_modules', '.bin', 'create-polytask'), folder, '--template', ...what);
}

const chosen = values.only?.split(',') ?? Object.keys(PROJECTS);

inTemporaryDirectory((directory) => {
  const tarballs = Object.fromEntries(
    packages().map(({ manifest, directory: source }) => [manifest.name, `file:${pack(source, directory).file}`]),
  );
  const creator = join(directory, 'creator');
  const home = join(directory, 'home');
  const name = 'create-polytask';
  if (!timed(`${name} install`, () => install(creator, { dependencies: { [name]: tarballs[name] } }))) return;
  const folders = chosen.map((each) => [each, join(home, 'projects', each)]);
  const created = folders.filter(([each, folder]) => timed(`${each} created`, () => create(creator, each, folder)));
  if (!timed('install', () => install(home, { workspaces: ['projects/*'], overrides: tarballs }))) return;
  for (const [each, folder] of created) for (const check of PROJECTS[each] ?? []) runCheck(folder, each, check);
});
