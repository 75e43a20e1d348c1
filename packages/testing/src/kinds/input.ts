import { anything, optional, wholeNumber, type Option } from '@polytask/components';
import {
  createInput,
  createScope,
  featureTensors,
  layoutOf,
  padBatch,
  ParameterStore,
  type Batch,
  type FeaturePosition,
  type InputSpec,
  type Schema,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { check, expectThat } from '../cases/case.ts';
import type { ModelOf } from '../subject.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyFeatures, tinyModel } from '../tiny/tiny-model.ts';
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
  const model = ({ spec: input = spec, ...of }: ModelOf<InputSpec> = {}) =>
    tinyModel(tinyNetwork(), { ...of, features, input });
  return {
    ...{ spec, model, parameters: /^input/ },
    ...(!own && { way: () => ({ input: spec }) }),
    own: {
      // Other names, such as those of an ensemble's members, may have columns that contain those of features.
      'its outputs and the columns of features are where it says': check(() => {
        const [store, layout] = [new ParameterStore(7), layoutOf({ features })];
        try {
          const {
            apply,
            features: named,
            outputDim: width,
          } = createInput({ ...createScope(store, 'input'), layout }, spec);
          const outputs = (of: Batch) =>
            tf.tidy(() => [...apply(featureTensors(of, layout, store.tables())).dataSync<'float32'>()]);
          const batch = tinyFeatures(8, layout);
          const before = outputs(batch);
          expectThat(before.length === 8 * width, `outputs [8, ${width}]`, `${before.length} numbers`);
          expectThat(outputDim === undefined || width === outputDim, `an outputDim of ${outputDim}`, width);
          const columns = [...(named ?? [])];
          columns.forEach(([name, { from, width: own }], i) => {
            const isWithin = from >= 0 && own > 0 && from + own <= width;
            expectThat(isWithin, `columns of ${name} within 0 … ${width - 1}`, `${own} from ${from}`);
            for (const [other, b] of columns.slice(i + 1)) {
              const [start, end] = [Math.max(from, b.from), Math.min(from + own, b.from + b.width)];
              const contains = end - start === own || end - start === b.width;
              const areApart = start >= end || (contains && !(name in features && other in features));
              expectThat(areApart, `columns of ${name} and ${other} apart`, `both with ${end - start} from ${start}`);
            }
          });
          for (const place of layout.places) {
            const { from, width: own } = named?.get(place.name) ?? { from: 0, width: 0 };
            const changes = outputs(moved(batch, place)).some(
              (value, at) => at % width >= from && at % width < from + own && value !== before[at],
            );
            expectThat(own === 0 || changes, `columns of ${place.name} that change with its values`, 'the same ones');
          }
        } finally {
          store.dispose();
        }
      }, 'Return the width of the outputs as outputDim, and count columns in the order in which `apply` joins them.'),
    },
  };
});
