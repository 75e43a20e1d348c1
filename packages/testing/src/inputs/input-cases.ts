import { type InputSpec, type Schema, padBatch, type Batch, type FeaturePlace } from '@polytask/core';
import { sgd } from '@polytask/training';
import { casesOf, registerCases, type Case, type RunnerOptions, broken } from '../cases/case.ts';
import { checkCompiledLogits, checkLearning, eagerTrajectory } from '../checks/engines.ts';
import { checkBothEngines } from '../checks/fits.ts';
import { checkReach, checkSlopes } from '../checks/gradients.ts';
import { checkLeaks } from '../checks/leaks.ts';
import { checkSaving, checkSeeds, checkSpecJson, checkStreams } from '../checks/repeatable.ts';
import { inputProbe } from '../probes/input-probe.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { withProbe } from '../probes/probe.ts';
import { pickRows, tinyFeatures } from '../tiny/tiny-features.ts';

/** How an input differs from the defaults of the contract. */
export interface InputOptions {
  /** The name of the group of tests. Default: the input's name. */
  name?: string;
  /** Default: a feature of each form, with composed vectors, a sequence with attention, and side columns. */
  features?: Schema['features'];
  /** The expected width of the output. */
  outputDim?: number;
  /** False for an input without parameters but for tables by rows. Default true. */
  learned?: boolean;
  /** False where no ONNX Runtime is installed, or the input can't be compiled. Default true. */
  compiled?: boolean;
}

/** A feature of each form. */
const FEATURES: Schema['features'] = {
  x: { kind: 'vector', width: 3 },
  age: { kind: 'numeric', mean: 0, deviation: 1 },
  item: { kind: 'categorical', vocabulary: ['a', 'b', 'c'] },
  user: { kind: 'hashed', buckets: 9, quotients: 3, vectors: 2 },
  history: {
    kind: 'id-sequence',
    values: { kind: 'shared', with: 'item' },
    separator: '|',
    maxLength: 3,
    pooling: 'attention',
    target: 'item',
  },
  days: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 0, deviation: 1 }, separator: '|' },
  tags: { kind: 'multi-valued', values: { kind: 'hashed', buckets: 5 }, separator: '|', maxLength: 2, pooling: 'mean' },
};

/**
 * The promises of an input as cases, one for each. {@link testInput} registers them with a test runner.
 *
 * @example inputCases(embed({ dimension: 2 }), { outputDim: 3 + 1 + (1 + 2 + 1 + 1) * 2 + 1 });
 */
export function inputCases(spec: InputSpec, options: InputOptions = {}): Case[] {
  const { features = FEATURES, learned = true, compiled = true, outputDim } = options;
  const probeOf = (seed = 7) => inputProbe(spec, features, { seed });
  const build = () => tinyModel(tinyNetwork(), { tasks: ['a', 'b'], features, input: spec });
  const probe = () => probeOf();
  return casesOf(`input ${options.name ?? spec.name}`, {
    'outputs have the width that it says, for any batch': () => checkInputShapes(spec, features, outputDim),
    'the columns of features are where it says': () => checkColumns(spec, features),
    'its spec is plain JSON and says all': () => checkSpecJson(spec, (each) => inputProbe(each, features)),
    'one seed, one start': () => checkSeeds(probeOf, { random: learned, learned }),
    'all chance comes from the seed': () => checkStreams(probe),
    'gradients reach every weight': () => checkReach(probe, { inputs: true }),
    'gradients agree with finite differences': () => checkSlopes(probe, { tried: 4 }),
    'it learns in a model': () => checkLearning(() => eagerTrajectory(build())),
    'a fit is finite, and the same on both engines': () =>
      checkBothEngines(
        build,
        { optimizer: sgd(0.1) },
        { compiled, mend: 'Use operations that docs/compile.md lists.' },
      ),
    'saved and loaded the model gives the same numbers': () => checkSaving(build),
    ...(compiled && { 'as ONNX the model gives the same numbers': () => checkCompiledLogits(build) }),
    'it leaves no tensor behind': () => checkLeaks(probe),
  });
}

/**
 * Registers {@link inputCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testInput(embed({ dimension: 2 }), { runner });
 */
export function testInput(spec: InputSpec, options: InputOptions & RunnerOptions = {}): void {
  registerCases(`input ${options.name ?? spec.name}`, inputCases(spec, options), options);
}

/** Outputs are finite and have the width that the input says. A row has the same outputs alone and in a batch. */
function checkInputShapes(spec: InputSpec, features: Schema['features'], expected?: number): void {
  withProbe(inputProbe(spec, features), ({ input, layout, outputs }) => {
    const width = input.outputDim;
    if (expected !== undefined && width !== expected) {
      broken({ expected: `outputDim ${expected}`, seen: String(width), mend: 'Compare it with { outputDim }.' });
    }
    const all = tinyFeatures(5, layout);
    const [five, one] = [outputs(all), outputs(pickRows(all, [0]))];
    for (const [rows, { shape }] of [
      [5, five],
      [1, one],
    ] as const) {
      if (shape.join() === `${rows},${width}`) continue;
      broken({
        expected: `outputs [${rows}, ${width}] for ${rows} rows`,
        seen: `[${shape.join(', ')}]`,
        mend: 'Keep the batch axis, and let outputDim be the number of columns.',
      });
    }
    expectFinite({ 'the outputs': five.values }, 'Guard divisions by the number of entries at 0.');
    expectAgreement({ 'the outputs': one.values }, { 'the outputs': five.values.subarray(0, width) }, 1e-6, {
      what: 'the same outputs of a row alone and in a batch',
      mend: "Let a row's outputs depend on that row alone.",
    });
  });
}

/** The batch with the values of one feature moved by one row. */
const moved = (batch: Batch, { part, column, width }: FeaturePlace): Batch => {
  const copy = padBatch(batch, batch.size);
  const [from, to] = [batch[part], copy[part]];
  const columns = from.length / batch.size;
  for (let row = 0; row < batch.size; row++) {
    const other = (row + 1) % batch.size;
    for (let c = column; c < column + width; c++) to[row * columns + c] = from[other * columns + c]!;
  }
  return copy;
};

/**
 * The columns of each feature are within the outputs, apart from those of other features, and change with the values of the feature.
 * Other names, such as those of an ensemble's members, may have columns that contain them.
 */
function checkColumns(spec: InputSpec, features: Schema['features']): void {
  withProbe(inputProbe(spec, features), ({ input, layout, outputs }) => {
    const columns = [...(input.features ?? [])];
    const mend = 'Count columns in the order in which `apply` joins them.';
    for (const [name, { from, width }] of columns) {
      if (from >= 0 && width > 0 && from + width <= input.outputDim) continue;
      broken({ expected: `columns of ${name} within 0 … ${input.outputDim - 1}`, seen: `${width} from ${from}`, mend });
    }
    for (const [i, [name, a]] of columns.entries()) {
      for (const [other, b] of columns.slice(i + 1)) {
        const [start, end] = [Math.max(a.from, b.from), Math.min(a.from + a.width, b.from + b.width)];
        const isWithin = end - start === a.width || end - start === b.width;
        const isGroup = isWithin && !(name in features && other in features);
        if (start >= end || isGroup) continue;
        broken({
          expected: `columns of ${name} and ${other} apart`,
          seen: `both with ${end - start} from ${start}`,
          mend,
        });
      }
    }
    const batch = tinyFeatures(8, layout);
    const before = outputs(batch).values;
    for (const place of layout.places) {
      const own = input.features?.get(place.name);
      if (!own) continue;
      const after = outputs(moved(batch, place)).values;
      const isOwn = (at: number) => at % input.outputDim >= own.from && at % input.outputDim < own.from + own.width;
      if (after.some((value, at) => isOwn(at) && value !== before[at])) continue;
      broken({ expected: `columns of ${place.name} that change with its values`, seen: 'the same ones', mend });
    }
  });
}
