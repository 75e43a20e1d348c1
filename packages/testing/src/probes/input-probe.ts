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
import { inputOf, type Probe, type ProbeOptions } from './probe.ts';

/** An input by itself, and what it is built for. */
export interface InputProbe extends Probe {
  readonly input: Input;
  readonly layout: Layout;
  /** The outputs for a batch, [batch][outputDim], row-major. */
  outputs(batch: Batch): Float32Array;
}

/** A probe of an input. Its only input is the numbers of the features. */
export function inputProbe(
  spec: InputSpec,
  features: Schema['features'],
  { seed = 7, rows = 5 }: ProbeOptions = {},
): InputProbe {
  const store = new ParameterStore(seed);
  const layout = layoutOf({ features });
  const input = createInput({ ...createScope(store, 'input'), layout }, spec);
  const batch = tinyFeatures(rows, layout);
  const x = layout.numeric > 0 ? inputOf(tinyRows(rows, layout.numeric)) : undefined;
  const tensorsOf = (of: Batch) => featureTensors(of, layout, store.tables());
  return {
    ...{ store, input, layout, outputDim: input.outputDim, prefix: 'input', inputs: x ? { 'the numbers': x } : {} },
    run: () => ({ outputs: input.apply({ ...tensorsOf(batch), ...(x && { numeric: x }) }) }),
    outputs: (of) => tf.tidy(() => input.apply(tensorsOf(of)).dataSync<'float32'>().slice()),
  };
}
