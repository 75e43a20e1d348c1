import {
  layoutOf,
  ParameterStore,
  createInput,
  createScope,
  featureTensors,
  type Batch,
  type Input,
  type InputSpec,
  type Layout,
  type Schema,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { tinyRows } from '../tiny/numbers.ts';
import { tinyFeatures } from '../tiny/tiny-features.ts';
import { inputOf, type Probe } from './probe.ts';

/** An input by itself, and what it is built for. */
export interface InputProbe extends Probe {
  readonly input: Input;
  readonly layout: Layout;
  /** The outputs for a batch, [batch][outputDim], row-major. */
  outputs(batch: Batch): { readonly shape: readonly number[]; readonly values: Float32Array };
}

const ROWS = 5;

/** A probe of an input. Its only input is the numbers of the features. */
export function inputProbe(spec: InputSpec, features: Schema['features'], { seed = 7 } = {}): InputProbe {
  const store = new ParameterStore(seed);
  const layout = layoutOf({ features });
  const input = createInput({ ...createScope(store, 'input'), layout }, spec);
  const batch = tinyFeatures(ROWS, layout);
  const x = layout.numeric > 0 ? inputOf(tinyRows(ROWS, layout.numeric)) : undefined;
  const tensorsOf = (of: Batch) => featureTensors(of, layout, store.tables());
  return {
    ...{ store, input, layout, prefix: 'input', inputs: x ? { 'the numbers': x } : {} },
    run: () => ({ 'the outputs': input.apply({ ...tensorsOf(batch), ...(x && { numeric: x }) }) }),
    outputs: (of) =>
      tf.tidy(() => {
        const output = input.apply(tensorsOf(of));
        return { shape: output.shape, values: output.dataSync<'float32'>().slice() };
      }),
  };
}
