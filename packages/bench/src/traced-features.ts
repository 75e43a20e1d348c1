import type { TensorSpec } from '@polytask/compile';
import type { FeatureTensors, MultiTaskModel, Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

const PARTS = ['numeric', 'ids', 'bagIds', 'bagWeights'] as const;

type Part = (typeof PARTS)[number];

const dtypeOf = (part: Part): 'int32' | 'float32' => (part === 'ids' || part === 'bagIds' ? 'int32' : 'float32');

/** A traced function's inputs by the part of the features that they are. */
export type FeatureSpecs = Readonly<Record<string, TensorSpec>>;

/** The inputs of a traced function of a model's features: a part without columns is none. */
export function featureSpecs<T extends Tasks>(model: MultiTaskModel<T>, rows: number): FeatureSpecs {
  const { numeric, fields, slots } = model.layout;
  const widths = { numeric, ids: fields, bagIds: slots, bagWeights: slots };
  return Object.fromEntries(PARTS.flatMap((part) => (widths[part] > 0 ? [[part, { shape: [rows, widths[part]], dtype: dtypeOf(part) }]] : [])));
}

/** The features from a traced function's inputs, in the order of {@link featureSpecs}. */
export function tracedFeatures<T extends Tasks>(model: MultiTaskModel<T>, rows: number, inputs: readonly tf.Tensor[]): FeatureTensors {
  const given = new Map(Object.keys(featureSpecs(model, rows)).map((part, i) => [part, inputs[i] as tf.Tensor2D]));
  const [numeric, ids, bagIds, bagWeights] = PARTS.map((part) => given.get(part) ?? tf.zeros<tf.Rank.R2>([rows, 0], dtypeOf(part)));
  return { numeric: numeric!, ids: ids!, bagIds: bagIds!, bagWeights: bagWeights! };
}

/** The parts that are inputs. */
export const partsOf = (specs: FeatureSpecs): Part[] => PARTS.filter((part) => Object.hasOwn(specs, part));
