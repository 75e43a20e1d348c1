#!/usr/bin/env node
/**
 * Times two checkouts step by step in one process, so that a machine whose speed varies slows both alike.
 *
 *     git worktree add ../before main~20 && (cd ../before && npm ci && npm run build:javascript)
 *     npm run compare-builds -- --before ../before [--config A,B,embeddings] [--models adatt,ple] [--seconds 5]
 *
 * Each line has medians, and the median of the ratios of neighbors with its 95% interval (bootstrap): above 1, this checkout is slower.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { ROOT } from '../workspace.js';
import { numberOption } from './number-option.js';

/** What is timed, from the sources of a checkout, with the packages that it has built. */
const ENTRY = `
export { buildTimed, randomBatch } from './timing/timed-task.ts';
export { configurations, timedModels } from './timing/configurations.ts';
export { startEngine } from './engines.ts';
export { nodeRuntime } from '@polytask/compile';
export { compiledEngine } from '@polytask/training/compiled';
export { compilePredict } from '@polytask/serving';
export { adam } from '@polytask/training';
`;
const SIZES = [1, 256, 2048];
const [WARM_UP, LEAST, RESAMPLES] = [5, 40, 400];

/** @typedef {'before' | 'after'} Side @typedef {Record<Side, () => Promise<unknown>>} Calls */

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    config: { type: 'string', default: 'A,B,embeddings' },
    models: { type: 'string', default: 'adatt-sp,adatt,ple,ml-mmoe,cross-stitch,shared-bottom' },
    seconds: { type: 'string', default: '5' },
  },
});
if (values.before === undefined) {
  console.error('Expected --before DIR, a checkout in which npm run build:javascript has run.');
  process.exit(1);
}
const seconds = numberOption('seconds', values.seconds);
const sides = { before: await opened(path.resolve(values.before)), after: await opened(ROOT) };

for (const config of values.config.split(',')) {
  for (const model of values.models.split(',')) {
    const timed = {
      before: await started(sides.before, config, model),
      after: await started(sides.after, config, model),
    };
    await compare(
      `${config} ${model} training step`,
      { before: timed.before.train, after: timed.after.train },
      seconds,
    );
    for (const [i, size] of SIZES.entries()) {
      const calls = { before: timed.before.predict[i], after: timed.after.predict[i] };
      await compare(`${config} ${model} prediction of ${size}`, /** @type {Calls} */ (calls), seconds / 3);
    }
    await timed.before.close();
    await timed.after.close();
  }
}

/** @param {string} root */
async function opened(root) {
  const bench = path.join(root, 'packages/bench');
  const outfile = path.join(bench, 'dist/compare-builds.mjs');
  const stdin = { contents: ENTRY, resolveDir: path.join(bench, 'src'), loader: /** @type {const} */ ('ts') };
  await build({ stdin, outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm' });
  const code = await import(outfile);
  Reflect.deleteProperty(globalThis, Symbol.for('@polytask/components')); // the other checkout has definitions of its own
  await code.startEngine('compiled', () => {});
  return { code, runtime: await code.nodeRuntime({ threads: 1 }) };
}

/** @param {{ code: any, runtime: unknown }} side @param {string} config @param {string} name */
async function started({ code, runtime }, config, name) {
  const named = (/** @type {{ name: string }} */ row) => row.name === name;
  const configuration = code.configurations.find((/** @type {{ name: string }} */ row) => row.name === config);
  const model = code.buildTimed(code.timedModels.find(named), configuration);
  const step = await code.compiledEngine({ runtime }).train(model, { optimizer: code.adam(1e-3), clip: {} });
  const predictor = await code.compilePredict(model, { runtime });
  const batch = code.randomBatch(model, configuration.batch, 0);
  return {
    train: () => step.run(batch, 1e-3),
    predict: SIZES.map((size) => {
      const rows = code.randomBatch(model, size);
      return () => predictor.predict(rows);
    }),
    async close() {
      await step.close();
      await predictor.dispose();
      model.dispose();
    },
  };
}

/** @param {string} label @param {Calls} calls @param {number} span in seconds */
async function compare(label, calls, span) {
  /** @type {Record<Side, number[]>} */
  const times = { before: [], after: [] };
  /** @type {number[]} */
  const ratios = [];
  const until = performance.now() + 1000 * span;
  for (let turn = -WARM_UP; turn < LEAST || performance.now() < until; turn++) {
    const once = { before: 0, after: 0 };
    for (const side of /** @type {Side[]} */ (turn % 2 ? ['before', 'after'] : ['after', 'before'])) {
      const start = performance.now();
      await calls[side]();
      once[side] = performance.now() - start;
    }
    if (turn < 0) continue;
    times.before.push(once.before);
    times.after.push(once.after);
    ratios.push(once.after / once.before);
  }
  const resampled = Array.from({ length: RESAMPLES }, () =>
    median(ratios.map(() => /** @type {number} */ (ratios[Math.floor(Math.random() * ratios.length)]))),
  );
  const [low, high] = [0.025, 0.975].map((share) => at(resampled, share).toFixed(3));
  const milliseconds = `${median(times.before).toFixed(3)} → ${median(times.after).toFixed(3)} ms`;
  console.log(`${label.padEnd(44)} ${milliseconds.padStart(24)}  ratio ${median(ratios).toFixed(3)} (${low}–${high})`);
}

function median(/** @type {readonly number[]} */ numbers) {
  return at(numbers, 0.5);
}

/** The number below which a share of the numbers lies. @param {readonly number[]} numbers @param {number} share */
function at(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return /** @type {number} */ (sorted[Math.floor(share * (sorted.length - 1))]);
}
