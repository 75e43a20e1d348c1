import * as tf from '@tensorflow/tfjs-core';
import { fail, notKnown } from '@polytask/components';
import type { Call } from '../layers/layer.ts';
import { repeatRows } from '../layers/operations.ts';
import type { Scope } from '../parameters/scope.ts';
import { firstQuotientRow, isComposed, remaindersOf } from '../features/codes.ts';
import type { BatchPart, FeaturePosition, FeatureColumns } from '../features/layout.ts';

/** A context of the schema, such as the tab of an app, as an expert or a gate reads it. All members of a bank read the same. */
export interface Context {
  readonly name: string;
  /** The number of values: those of the feature's vocabulary, after an unknown one (0) and a missing one (1). */
  readonly values: number;
  /** Width of the embedding. @throws PolytaskError when the model's input doesn't name the columns of its features */
  readonly dimension: number;
  /** 1 at the value of each row, 0 elsewhere. @returns [batch, values] */
  oneHot(call: Call): tf.Tensor2D;
  /** The columns of the feature in the network's input. @returns [batch, dimension] */
  embedding(call: Call): tf.Tensor2D;
}

/**
 * A context for the builder of an expert or a gate.
 *
 * @param builder the argument of the expert's or gate's builder
 * @param name of the feature. Default: the schema's only context
 * @throws PolytaskError when the schema has no such context, or has several and `name` is left out
 * @example
 * // One affine map for each value of the context.
 * export const perValue = defineExpert('per-value', (builder, { units }) => {
 *   const { values, oneHot } = contextOf(builder);
 *   const w = builder.weight('kernel', [builder.inputDim, values * units]);
 *   const b = builder.bias('bias', values * units);
 *   const apply = (x: tf.Tensor, call: Call) => {
 *     const all = linear(x, w, b, call.shared);
 *     const each = tf.reshape(all, [...all.shape.slice(0, -1), values, units]); // [(bank,) batch, values, units]
 *     return tf.sum(tf.mul(each, tf.expandDims(oneHot(call), 2)), -2);
 *   };
 *   return { outputDim: units, apply };
 * }, { options: { units: checks.wholeNumber(1) } });
 */
export function contextOf({ contexts, path }: Pick<Scope, 'contexts' | 'path'>, name?: string): Context {
  const names = [...(contexts?.keys() ?? [])];
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  const found =
    contexts?.get(chosen!) ??
    (names.length === 0
      ? fail({
          expected: `a context in the schema, which ${path} reads`,
          received: 'a schema without one',
          fix: `Declare it with features and tasks: context: ["${name ?? 'tab'}"].`,
        })
      : notKnown(name, names, `the name of the context that ${path} reads`));
  const { place, columns } = found;
  const { count } = place.table!.codes;
  const columnsIn = (): FeatureColumns =>
    columns ??
    fail({
      expected: `an input with columns of context "${place.name}", which ${path} reads`,
      received: "one that doesn't name them",
      fix: 'Use an input that names its features: embed().',
    });
  return {
    name: place.name,
    values: count,
    get dimension() {
      return columnsIn().width;
    },
    oneHot(call) {
      return eachCopy(tf.cast(tf.oneHot(codesOf(place, call), count), 'float32'), call);
    },
    embedding(call) {
      const { from, width } = columnsIn();
      return eachCopy(tf.slice(call.raw, [0, from], [-1, width]), call);
    },
  };
}

/** The rows for each member of the model, and in a bank of tied experts for each unit. */
function eachCopy(x: tf.Tensor, { raw, copies = 1 }: Call): tf.Tensor2D {
  const rows = repeatRows(x as tf.Tensor2D, raw.shape[0] / x.shape[0]!);
  return copies === 1 ? rows : tf.tile(rows, [copies, 1]);
}

/** The codes of a feature, [batch], from the ids of the batch: they are rows of the whole table also where some rows are gathered. */
function codesOf({ name, column, offset, table, quotientColumn }: FeaturePosition, { features }: Call): tf.Tensor1D {
  if (!features) {
    return fail({
      expected: `the features of the batch in the call, for context "${name}"`,
      received: 'a call without them',
      fix: 'Pass features with raw, as model.forward does.',
    });
  }
  const int = (value: number) => tf.scalar(value, 'int32');
  const rowIn = (part: BatchPart, at: number): tf.Tensor1D =>
    tf.sub(tf.reshape(tf.slice(features[part], [0, at], [-1, 1]), [-1]), int(offset));
  const row = rowIn('ids', column);
  const { codes } = table!;
  if (quotientColumn === undefined || !isComposed(codes)) return row;
  const quotient = tf.sub(rowIn('quotientIds', quotientColumn), int(firstQuotientRow(codes) + 1));
  return tf.add(row, tf.mul(tf.maximum(quotient, int(0)), int(remaindersOf(codes))));
}
