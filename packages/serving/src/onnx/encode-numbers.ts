import type { FeaturePosition, Layout, NumbersForm, Scale } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

type Inputs = Readonly<Record<string, tf.Tensor>>;

interface ScaledPlace extends FeaturePosition {
  readonly form: NumbersForm & { readonly scale: Scale };
}

/** Encodes raw numbers as the numeric part of a batch, [batch, layout.numeric]. One operation standardizes all of them. */
export function encodeNumbers({ places, numeric }: Layout, inputs: Inputs, batch: number): tf.Tensor2D {
  const isScaled = (place: FeaturePosition): place is ScaledPlace =>
    place.form.type === 'numbers' && place.form.scale !== undefined;
  const numbers = places
    .filter(isScaled)
    .sort((a, b) => Number(a.form.scale.log ?? false) - Number(b.form.scale.log ?? false));
  const others = places.filter((place) => place.part === 'numeric' && !isScaled(place));

  const parts: tf.Tensor2D[] = [];
  const columns: number[] = []; // of the concatenated parts
  if (numbers.length > 0) {
    const { values, missing } = standardized(numbers, inputs);
    parts.push(values);
    columns.push(...numbers.map(({ column }) => column));
    const indicators = numbers.flatMap(({ form, column }, i) =>
      form.scale.indicator ? [{ from: i, to: column + 1 }] : [],
    );
    if (indicators.length > 0) {
      const sources = indicators.map(({ from }) => from);
      parts.push(pick(tf.cast(missing, 'float32'), sources));
      columns.push(...indicators.map(({ to }) => to));
    }
  }
  for (const { name, form, column, width } of others) {
    const { graph } = form as NumbersForm;
    parts.push(graph ? graph(inputs[name] as tf.Tensor1D, tf) : (inputs[name] as tf.Tensor2D));
    columns.push(...Array.from({ length: width }, (_, i) => column + i));
  }
  const order = new Array<number>(numeric);
  columns.forEach((column, i) => (order[column] = i));
  return pick(joined(parts, batch), order);
}

export const joined = (parts: tf.Tensor2D[], batch: number, dtype?: 'int32'): tf.Tensor2D =>
  parts.length > 1 ? tf.concat(parts, 1) : (parts[0] ?? tf.zeros([batch, 0], dtype));

/** (x − mean) / standard deviation, with sign(x)·log(1 + |x|) for x where the feature is logged. 0 where x is missing. */
function standardized(places: readonly ScaledPlace[], inputs: Inputs): { values: tf.Tensor2D; missing: tf.Tensor2D } {
  const stacked = (of: readonly ScaledPlace[]) => {
    const tensors = of.map(({ name }) => inputs[name]!);
    return tf.stack(tensors, 1) as tf.Tensor2D;
  };
  const missing = tf.isNaN(stacked(places)) as tf.Tensor2D;
  const plain = places.filter(({ form }) => !form.scale.log);
  const logged = places.slice(plain.length);
  const scaled = [
    ...(plain.length > 0 ? [stacked(plain)] : []),
    ...(logged.length > 0 ? [symmetricLog(stacked(logged))] : []),
  ];
  const scales = places.map(({ form }) => form.scale);
  return { values: centered(tf.concat(scaled, 1), missing, scales), missing };
}

/** (x − mean) / standard deviation of each column, or of all columns when there is one feature. 0 where x is missing. */
function centered(x: tf.Tensor, missing: tf.Tensor, scales: readonly Scale[]): tf.Tensor2D {
  const row = (f: (scale: Scale) => number) => Float32Array.from(scales, f);
  const mean = row((scale) => scale.mean);
  const rest = row((scale) => scale.mean - Math.fround(scale.mean)); // a mean of many digits needs two float32
  const factor = row(({ deviation }) => (deviation > 0 ? 1 / deviation : 0)); // a constant feature is 0
  let values: tf.Tensor = tf.sub(x, tf.tensor1d(mean));
  if (rest.some((each) => each !== 0)) values = tf.sub(values, tf.tensor1d(rest));
  values = tf.mul(values, tf.tensor1d(factor));
  return tf.where(missing, tf.zerosLike(values), values) as tf.Tensor2D;
}

/** Encodes the numbers of side columns, [batch, layout.numberSlots]. Padding is NaN, and becomes 0. */
export function encodeSideNumbers({ places }: Layout, inputs: Inputs, batch: number): tf.Tensor2D {
  const columns = places.flatMap(({ name, form }) => {
    if (form.type !== 'entry-numbers') return [];
    const x = inputs[name] as tf.Tensor2D;
    return centered(form.scale.log ? symmetricLog(x) : x, tf.isNaN(x), [form.scale]);
  });
  return joined(columns, batch);
}

const symmetricLog = (x: tf.Tensor2D): tf.Tensor2D => tf.mul(tf.sign(x), tf.log1p(tf.abs(x)));

/** Selects columns. If the order is that of the tensor, the result is the tensor itself. */
function pick(x: tf.Tensor2D, order: readonly number[]): tf.Tensor2D {
  if (order.length === x.shape[1] && order.every((column, i) => column === i)) return x;
  return tf.gather(x, tf.tensor1d([...order], 'int32'), 1);
}
