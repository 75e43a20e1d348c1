import { anything, optional, wholeNumber, type Option } from '@polytask/components';
import {
  featureTensors,
  type Batch,
  type FeaturePosition,
  type InputSpec,
  type Schema,
  padBatch,
} from '@polytask/core';
import { sgd } from '@polytask/training';
import * as tf from '@tensorflow/tfjs-core';
import { check, expectThat } from '../cases/case.ts';
import { inputProbe, withProbe } from '../tiny/probe.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyFeatures } from '../tiny/tiny-features.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { sequenceFeatures } from './pooling.ts';

/** The batch with the values of one feature moved by one row. */
const moved = (batch: Batch, { part, column, width }: FeaturePosition): Batch => {
  const copy = padBatch(batch, batch.size);
  const [from, to] = [batch[part], copy[part]];
  const columns = from.length / batch.size;
  for (let row = 0; row < batch.size; row++) {
    const other = (row + 1) % batch.size;
    for (let c = column; c < column + width; c++) to[row * columns + c] = from[other * columns + c]!;
  }
  return copy;
};

/** A feature of each form. */
const FEATURES: Schema['features'] = {
  x: { kind: 'vector', width: 3 },
  age: { kind: 'numeric', mean: 0, deviation: 1 },
  ...sequenceFeatures('attention'),
  user: { kind: 'hashed', buckets: 9, quotients: 3, vectors: 2 },
  tags: { kind: 'multi-valued', values: { kind: 'hashed', buckets: 5 }, separator: '|', maxLength: 2, pooling: 'mean' },
};

const options = {
  /**
   * Default: a feature of each form, with composed vectors, a sequence with attention, and side columns. With other features, the model is
   * saved and loaded, and goes no way from a CSV.
   */
  features: optional(anything as Option<Schema['features']>),
  /** The expected width of the output. */
  outputDim: optional(wholeNumber(1)),
};

/**
 * Tests an input, alone, in models and in fits.
 *
 * @example testInput(embed({ dimension: 2 }), { outputDim: 3 + 1 + (1 + 2 + 1 + 1) * 2 + 1, runner });
 */
export const testInput = tester({ kind: 'input', options }, (spec: InputSpec, { features: own, outputDim }) => {
  const features = own ?? FEATURES;
  const model = (tasks: readonly string[] = ['a', 'b']) => tinyModel(tinyNetwork(), { tasks, features, input: spec });
  return {
    ...{ spec, outputDim, model },
    probe: (each: InputSpec, options) => inputProbe(each, features, options),
    reachesInputs: true,
    fit: { model, options: { optimizer: sgd(0.1) } },
    ...(!own && { way: () => ({ input: spec }) }),
    own: {
      // Other names, such as those of an ensemble's members, may have columns that contain those of features.
      'the columns of features are where it says': check(() => {
        withProbe(inputProbe(spec, features), ({ input, layout, store }) => {
          const columns = [...(input.features ?? [])];
          columns.forEach(([name, { from, width }], i) => {
            const isWithin = from >= 0 && width > 0 && from + width <= input.outputDim;
            expectThat(isWithin, `columns of ${name} within 0 … ${input.outputDim - 1}`, `${width} from ${from}`);
            for (const [other, b] of columns.slice(i + 1)) {
              const [start, end] = [Math.max(from, b.from), Math.min(from + width, b.from + b.width)];
              const contains = end - start === width || end - start === b.width;
              const areApart = start >= end || (contains && !(name in features && other in features));
              expectThat(areApart, `columns of ${name} and ${other} apart`, `both with ${end - start} from ${start}`);
            }
          });
          const outputs = (of: Batch) =>
            tf.tidy(() =>
              input
                .apply(featureTensors(of, layout, store.tables()))
                .dataSync()
                .slice(),
            );
          const batch = tinyFeatures(8, layout);
          const before = outputs(batch);
          for (const place of layout.places) {
            const { from, width } = input.features?.get(place.name) ?? { from: 0, width: 0 };
            const isOwn = (at: number) => at % input.outputDim >= from && at % input.outputDim < from + width;
            const changes = outputs(moved(batch, place)).some((value, at) => isOwn(at) && value !== before[at]);
            expectThat(width === 0 || changes, `columns of ${place.name} that change with its values`, 'the same ones');
          }
        });
      }, 'Count columns in the order in which `apply` joins them.'),
    },
  };
});
