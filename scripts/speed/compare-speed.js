#!/usr/bin/env node
/**
 * Times `polytask` and the authors' PyTorch library in turns, and prints their ratios.
 *
 *     npm run compare-speed -- --peer time_reference.py --library DIR --out speed.json \
 *       --page docs/performance-tables.md --table docs/performance/zen-5.csv
 *     npm run compare-speed -- --from speed.json --table docs/performance/zen-5.csv     # the table again
 *     npm run compare-speed -- --config ids --peer time_ids.py --library DIR    # steps by the rows of an embedding table
 *
 * The peer's script takes --config, --threads, --models, --seconds and --inference, reads the library from REFERENCE_DIR,
 * and prints JSON lines; the configuration `embeddings` has its own, beside this file. In each round every model is timed
 * by both programs, one after the other, each in a process of its own; in every other round the peer goes last.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../workspace.js';
import { numberOption, numbersOption } from './number-option.js';
import { idsReport } from './ids-report.js';
import { inPage, speedReport, speedTable } from './speed-report.js';

const CLI = path.join(ROOT, 'packages/bench/dist/cli.js');
const OPENMP = '/usr/lib/x86_64-linux-gnu/openblas-openmp';
/** Forms of AdaTT-sp that the peers' scripts have beside the library's own. @type {Readonly<Record<string, string>>} */
const BY_HAND = { A: 'stacked', B: 'stacked', embeddings: 'one_table' };
const AFTER_ADATT_SP = ['att_g', 'ple', 'mmoe', 'cross_st', 'share_bottom'];

/** @typedef {import('./speed-report.js').Comparison} Comparison @typedef {import('./pair-lines.js').Line} Line */

const { values } = parseArgs({
  options: {
    peer: { type: 'string' },
    library: { type: 'string' },
    python: { type: 'string', default: '/usr/bin/python3' },
    config: { type: 'string', default: 'A,B,embeddings' },
    threads: { type: 'string', default: '1,2' },
    models: { type: 'string', default: ['att_sp', ...AFTER_ADATT_SP].join() },
    inference: { type: 'string', default: '1,256,2048' },
    ids: { type: 'string', default: '1000,100000,1000000,10000000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    out: { type: 'string' },
    from: { type: 'string' },
    page: { type: 'string' },
    table: { type: 'string' },
  },
});

if (values.config === 'ids') {
  console.log(idsReport(measureIds()));
  process.exit();
}

const comparison =
  values.from === undefined ? measure() : /** @type {Comparison} */ (JSON.parse(readFileSync(values.from, 'utf8')));
const [report, table] = [speedReport(comparison), speedTable(comparison)];
console.log(`${report}\n\n${table}`);
if (values.table !== undefined) writeFileSync(values.table, table);
if (values.page !== undefined) writeFileSync(values.page, inPage(readFileSync(values.page, 'utf8'), report));

/** Each size has processes of its own, so that the memory is that of one table. @returns {import('./ids-report.js').IdsTurn[]} */
function measureIds() {
  /** @type {import('./ids-report.js').IdsTurn[]} */
  const turns = [];
  for (const round of rounds()) {
    for (const threads of numbersOption('threads', values.threads)) {
      for (const ids of numbersOption('ids', values.ids)) {
        const common = ['--ids', String(ids), '--threads', String(threads), '--seconds', values.seconds];
        const {
          ours: [ours],
          peers: [theirs],
        } = turnOf(round, threads, common, { ours: ['--config', 'ids'] });
        turns.push({ round, threads, ids, ours: /** @type {any} */ (ours), theirs: /** @type {any} */ (theirs) });
        console.error(`round ${round}: ${threads} threads, ${ids} rows`);
      }
    }
  }
  return turns;
}

/** @returns {Comparison} */
function measure() {
  const { seconds, inference } = values;
  /** @type {Comparison} */
  const found = {
    date: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    versions: versions(),
    seconds: numberOption('seconds', seconds),
    turns: [],
  };
  for (const round of rounds()) {
    for (const config of values.config.split(',')) {
      for (const threads of numbersOption('threads', values.threads)) {
        for (const model of values.models.split(',')) {
          const sizes = `--config ${config} --threads ${threads} --seconds ${seconds} --inference ${inference}`;
          const byHand = model === 'att_sp' && BY_HAND[config];
          const turn = turnOf(round, threads, sizes.split(' '), {
            ours: ['--models', model, '--what', 'train,inference,products'],
            peers: ['--models', byHand ? `${model},${model}_${byHand}` : model],
            ...(config === 'embeddings' && { script: path.join(import.meta.dirname, 'time_embeddings.py') }),
          });
          found.turns.push(turn);
          console.error(`round ${round}: ${config}, ${threads} threads, ${model}`);
          if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(found)}\n`); // whatever happens later
        }
      }
    }
  }
  return found;
}

function rounds() {
  return Array.from({ length: numberOption('rounds', values.rounds) }, (_, r) => r + 1);
}

/**
 * Runs both programs, one after the other.
 *
 * @param {number} round @param {number} threads @param {string[]} common
 * @param {{ ours: string[], peers?: string[], script?: string }} own what each program takes besides, and the peer's script
 * @returns {import('./pair-lines.js').Turn}
 */
function turnOf(round, threads, common, { ours, peers = [], script }) {
  const { peer, library, python } = values;
  if (peer === undefined || library === undefined)
    throw new Error('Pass --peer FILE.py and --library DIR, or --from FILE.json.');
  const theirs = () =>
    lines(python, [script ?? path.resolve(peer), ...common, ...peers], peerEnvironment(library, threads));
  const own = () => lines(process.execPath, [CLI, 'time', '--json', ...common, ...ours], process.env);
  if (round % 2 === 0) return { round, ours: own(), peers: theirs() };
  const first = theirs();
  return { round, ours: own(), peers: first };
}

/** @param {string} program @param {string[]} args @param {NodeJS.ProcessEnv} env @returns {Line[]} */
function lines(program, args, env) {
  const text = execFileSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] });
  return text
    .trim()
    .split('\n')
    .map((line) => /** @type {Line} */ (JSON.parse(line)));
}

/** As the peer's script asks for. @param {string} library @param {number} threads @returns {NodeJS.ProcessEnv} */
function peerEnvironment(library, threads) {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = process.env;
  const count = String(threads);
  const openmp = threads > 1 && existsSync(OPENMP) ? { LD_LIBRARY_PATH: OPENMP } : {};
  return {
    ...rest,
    ...openmp,
    OPENBLAS_NUM_THREADS: count,
    OMP_NUM_THREADS: count,
    REFERENCE_DIR: path.resolve(library),
  };
}

function machine() {
  const release = existsSync('/etc/os-release')
    ? /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
    : undefined;
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'an unknown CPU',
    cores: cpus.length,
    memory: Math.round(os.totalmem() / 2 ** 30),
    os: release ?? `${os.type()} ${os.release()}`,
    load: os.loadavg()[0],
  };
}

function versions() {
  const require = createRequire(path.join(ROOT, 'packages/bench/package.json'));
  /** @param {string} name */
  const versionOf = (name) =>
    /** @type {{ version: string }} */ (JSON.parse(readFileSync(manifestOf(require.resolve(name)), 'utf8'))).version;
  return {
    node: process.versions.node,
    'onnxruntime-node': versionOf('onnxruntime-node'),
    '@tensorflow/tfjs': versionOf('@tensorflow/tfjs'),
  };
}

/** The package.json above a file. @param {string} file @returns {string} */
function manifestOf(file) {
  const manifest = path.join(path.dirname(file), 'package.json');
  return existsSync(manifest) ? manifest : manifestOf(path.dirname(file));
}

function commit() {
  /** @param {string[]} args */
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', changed'}`;
}
