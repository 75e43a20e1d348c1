import * as tf from '@tensorflow/tfjs-core';
import {
  listOf,
  optional,
  positive,
  wholeNumber,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import {
  activation,
  defineExpert,
  glorotUniform,
  linear,
  normal,
  type ExpertBuilder,
  type ExpertSpec,
  type Layer,
} from '@polytask/core';

const options = {
  /** The widths of the layers, from the input up. */
  units: listOf(wholeNumber(1), 1),
  /** The number of intervals of the grid, G. */
  grid: optional(wholeNumber(1), 5),
  /** The degree of the splines, k; 3 is cubic. */
  degree: optional(wholeNumber(1), 3),
  /** The grid lies between −range and range. Numeric features are standardized. */
  range: optional(positive, 3),
};

export interface KanOptions extends Written<typeof options>, FromDescription {}

/**
 * Kolmogorov–Arnold network (Liu et al., ICLR'25, eq. 2.5 and 2.10 to 2.12). Each layer has a learned function for each pair
 * of an input i and an output o: h_o = Σ_i φ_o,i(x_i), with φ(x) = w silu(x) + Σ_b c_b B_b(x). The B_b are the G + k
 * B-splines of degree k on a uniform grid. Beyond the grid's ends, splines fall to 0 and φ is the silu part.
 * Shapes: [batch, inputDim] → [batch, last width].
 *
 * @throws PolytaskError when there is no layer, a number is invalid, or an option is unknown
 * @example kan({ units: [16, 8], grid: 5, range: 3 })
 */
export const kan: (config: KanOptions) => ExpertSpec = defineExpert(
  'kan',
  (builder, config) => {
    const { units } = config;
    const layers = units.map((width, i) => {
      const inputDim = i === 0 ? builder.inputDim : units[i - 1]!;
      return kanLayer({ ...builder.child(String(i)), inputDim }, width, config);
    });
    return { outputDim: units.at(-1)!, apply: (x, call) => layers.reduce((h, layer) => layer(h, call), x) };
  },
  {
    description: 'a learned spline for each pair of an input and an output',
    paper: 'Liu et al., ICLR 2025, eq. 2.10',
    package: '@polytask/experts',
    variant: { layer: (width) => ({ units: [width] }), layers: (units) => ({ units }) },
    options,
  },
);

function kanLayer(builder: ExpertBuilder, units: number, { grid, degree, range }: Read<typeof options>): Layer {
  const { inputDim, constant, weight } = builder;
  const [count, step] = [grid + degree, (2 * range) / grid];
  const places = Array.from({ length: count }, (_, b) => step * (b + (1 - degree) / 2) - range);
  const centers = constant(places, [count]);
  const base = weight('base', [inputDim, units], glorotUniform());
  const coefficients = weight('spline', [inputDim * count, units], normal(0.1));
  const silu = activation('swish');
  return (x, { shared }) => {
    const distances = tf.abs(tf.div(tf.sub(tf.expandDims(x, -1), centers), step)); // [(bank,) batch, in, splines]
    const splines = tf.reshape(cardinalSpline(distances, degree), [...x.shape.slice(0, -1), inputDim * count]);
    return tf.add(linear(silu(x), base, undefined, shared), linear(splines, coefficients));
  };
}

/**
 * The B-spline of degree k with knots 1 apart, at a distance v from its center (Schoenberg 1946):
 * Σ_j (−1)^j C(k + 1, j) relu((k + 1)/2 − j − v)^k / k!. Terms are at most ((k + 1)/2)^k, so few digits cancel.
 */
function cardinalSpline(v: tf.Tensor, degree: number): tf.Tensor {
  const terms: tf.Tensor[] = [];
  let scale = 1;
  for (let k = 2; k <= degree; k++) scale /= k; // 1 / degree!
  for (let j = 0; 2 * j <= degree; j++) {
    const ramp = tf.relu(tf.sub((degree + 1) / 2 - j, v));
    let power: tf.Tensor = ramp;
    for (let k = 1; k < degree; k++) power = tf.mul(power, ramp);
    terms.push(tf.mul(power, scale));
    scale *= -(degree + 1 - j) / (j + 1); // the next (−1)^j C(degree + 1, j) / degree!
  }
  return tf.addN(terms);
}
