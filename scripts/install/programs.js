/** The conformance kit under Node's own test runner; the project has no other. */
const CONFORMANCE_TEST = `import { findMetric } from '@polytask/metrics';
import * as runner from 'node:test';
import { testExpert, testGate, testMetric, testModel, tinyNetwork } from '@polytask/testing';
import { tinyExpert, tinyGate } from '@polytask/testing/internal';

testExpert(tinyExpert(), { outputDim: 4, runner });
testGate(tinyGate(), { runner });
testModel(tinyNetwork(), { runner });
testMetric(findMetric('mae'), { runner });
`;

/** A program with all of TensorFlow.js: one copy of tfjs-core, and its chained methods in an expert that Polytask trains. */
const BESIDE_TENSORFLOW = `import * as tf from '@tensorflow/tfjs';
import * as core from '@tensorflow/tfjs-core';
import { adatt, defineExpert, evaluate, fit, linear, multiTaskModel, syntheticTasks } from 'polytask';

if (tf.Tensor !== core.Tensor || tf.engine() !== core.engine()) throw new Error('there are two copies of tfjs-core');
const squares = defineExpert('squares', ({ inputDim, weight }) => {
  const w = weight('kernel', [inputDim, inputDim]);
  return { outputDim: inputDim, apply: (x) => linear(x, w).square().add(x) };
});
const tasks = syntheticTasks({ tasks: ['click', 'like'], kind: 'binary', seed: 7 });
const train = tasks.sample(200, 1);
for (const engine of ['eager', 'compiled-wasm']) {
  const network = adatt({ levels: [{ experts: squares(), perTask: 1, shared: 1 }] });
  const model = multiTaskModel({ schema: train.schema, network, seed: 7 });
  await fit(model, train, { epochs: 1, engine });
  const { click } = await evaluate(model, train, { engine });
  if (!(click.auc > 0 && click.auc <= 1)) throw new Error(engine + ': received ' + click.auc);
}
`;

/**
 * What `check-install` has each package do in an empty project: every entry point imported, required and compiled.
 * @param {import('../boundaries/manifest.js').Manifest} manifest @returns {Record<string, string>} file → text
 */
export function programs({ name, exports = {} }) {
  const entries = Object.keys(exports)
    .filter((key) => !key.includes('*') && !key.endsWith('.json'))
    .map((key) => name + key.slice(1));
  /** @param {(entry: string, i: number) => string} line */
  const each = (line) => entries.map(line).join('\n') + '\n';
  return {
    'import.mjs': each(
      (entry) => `if (Object.keys(await import('${entry}')).length === 0) throw new Error('${entry} exports nothing');`,
    ),

    'require.cjs': each(
      (entry, i) => `const required${i} = require('${entry}');
import('${entry}').then((imported) => {
  for (const name of Object.keys(imported)) {
    if (required${i}[name] !== imported[name]) throw new Error(name + ' is another one by require() than by import');
  }
});`,
    ),

    'program.mts': each((entry, i) => `import * as p${i} from '${entry}';\nvoid p${i};`),

    'program.cts': each((entry, i) => `import p${i} = require('${entry}');\nvoid p${i};`),

    ...(name === 'polytask' && { 'beside.mjs': BESIDE_TENSORFLOW }),

    ...(name === '@polytask/testing' && { 'conformance.test.mjs': CONFORMANCE_TEST }),

    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        module: 'nodenext',
        target: 'es2022',
        lib: ['es2022', 'dom'],
        types: [],
      },
      files: ['program.mts', 'program.cts'],
    }),
  };
}
