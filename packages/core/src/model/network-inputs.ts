import type * as tf from '@tensorflow/tfjs-core';
import type { FeatureTensors } from '../features/batch-tensors.ts';
import type { FeatureColumns, Input, InputDefinition, InputSpec } from '../features/input.ts';
import type { Layout } from '../features/layout.ts';
import { type Lanes, tapLanes } from '../fusion/lanes.ts';
import { fusionOf, inputLanes, startLanes, type NetworkSpec } from '../fusion/network.ts';
import { SHARED } from '../fusion/units.ts';
import type { LanesTap } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { builderOf } from '../specs/registry.ts';

/** The built inputs of a network: the vectors of the first lanes, and the vector that gates read as `raw`. */
export interface NetworkInputs {
  readonly outputDim: number;
  readonly features?: ReadonlyMap<string, FeatureColumns>;
  apply(features: FeatureTensors): LanesAndRaw;
}

/** The vectors of the first lanes, [batch, outputDim] each. `raw` is the vector of one of the lanes. */
export interface LanesAndRaw {
  readonly lanes: Lanes;
  readonly raw: tf.Tensor2D;
}

export interface NetworkInputsConfig {
  input: InputSpec;
  layout: Layout;
  network: NetworkSpec;
  tasks: readonly string[];
}

/** Builds one input for all lanes, or one per lane of the first level, as the network declares. */
export function createNetworkInputs(
  store: ParameterStore,
  { input, layout, network, tasks }: NetworkInputsConfig,
): NetworkInputs {
  const build = builderOf<InputDefinition<unknown>>(input);
  const inputAt = (path: string) => build({ ...createScope(store, path), layout }, input.config);
  const fusion = fusionOf(network, tasks);
  const names = inputLanes(fusion, tasks);
  if (fusion.inputs !== 'own') {
    const one = inputAt('input');
    return {
      ...shapeOf(one),
      apply(features) {
        const raw = one.apply(features);
        return { lanes: startLanes(names, raw), raw };
      },
    };
  }
  const laneInputs = names.map((lane) => [lane, inputAt(`input.${lane}`)] as const);
  return {
    ...shapeOf(laneInputs[0]![1]),
    apply(features) {
      const lanes = new Map(laneInputs.map(([lane, own]) => [lane, own.apply(features)]));
      return { lanes, raw: lanes.get(SHARED) ?? lanes.get(names[0]!)! };
    },
  };
}

/** Applies a tap to the inputs. */
export function tapInput({ lanes, raw }: LanesAndRaw, tap: LanesTap | undefined): LanesAndRaw {
  if (!tap) return { lanes, raw };
  const tapped = tapLanes(lanes, 'input', tap);
  const [lane] = [...lanes].find(([, vector]) => vector === raw)!;
  return { lanes: tapped, raw: tapped.get(lane)! };
}

const shapeOf = ({ outputDim, features }: Input) => ({ outputDim, ...(features && { features }) });
