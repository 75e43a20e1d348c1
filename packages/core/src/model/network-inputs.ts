import type * as tf from '@tensorflow/tfjs-core';
import type { FeatureTensors } from '../features/batch-tensors.ts';
import { createInput } from '../inputs/input.ts';
import { type Layout, contextsOf, type Contexts, type FeatureColumns } from '../features/layout.ts';
import { type Lanes, tapLanes } from '../fusion/lanes.ts';
import { fusionOf, inputLanes } from '../fusion/network.ts';
import type { LanesTap } from '../layers/layer.ts';
import { repeatRows } from '../layers/members.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { SHARED } from '../tasks/tasks.ts';
import type { ReadDeclaration } from './model-declaration.ts';

/** The built inputs of a network: the vectors of the first lanes, and the vector that gates read as `raw`. */
export interface NetworkInputs {
  readonly outputDim: number;
  readonly features?: ReadonlyMap<string, FeatureColumns> | undefined;
  readonly contexts: Contexts;
  readonly modelMembers: number;
  apply(features: FeatureTensors): LanesAndRaw;
}

/**
 * The vectors of the first lanes, [members · batch, outputDim] each: the rows of each member of the model, one after the other. `raw` is
 * the vector of one of the lanes.
 */
export interface LanesAndRaw {
  readonly lanes: Lanes;
  readonly raw: tf.Tensor2D;
}

/** Builds one input for all lanes, or one per lane of the first level, as the network declares. */
export function createNetworkInputs(
  store: ParameterStore,
  { input, schema, network, members: modelMembers }: ReadDeclaration,
  layout: Layout,
): NetworkInputs {
  const tasks = Object.keys(schema.tasks);
  const inputAt = (path: string) => createInput({ ...createScope(store, path), layout }, input);
  const fusion = fusionOf(network, tasks, schema.context) ?? { levels: [] };
  const names = inputLanes(fusion, tasks);
  const isOwn = fusion.inputs === 'own';
  const inputs = isOwn ? names.map((lane) => inputAt(`input.${lane}`)) : [inputAt('input')];
  const { outputDim, features: columns } = inputs[0]!;
  return {
    outputDim,
    features: columns,
    contexts: contextsOf(schema, layout, columns),
    modelMembers,
    apply(features) {
      const vectors = inputs.map((own) => repeatRows(own.apply(features), modelMembers));
      const lanes = new Map(names.map((lane, i) => [lane, vectors[isOwn ? i : 0]!]));
      return { lanes, raw: lanes.get(SHARED) ?? vectors[0]! };
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
