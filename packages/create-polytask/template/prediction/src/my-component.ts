import { defineLoss, definePrediction, defineTask, type OutputMath } from '@polytask/core';
import { defineMetric } from '@polytask/metrics';

/** A tenth of the labels is to be below the range, and a tenth above it. */
const [LOW, HIGH] = [0.1, 0.9];

/** What the numbers are, and how they are measured. */
const range = definePrediction('my-package/my-component', {
  description: 'a low and a high number',
  number: "In the label's own unit.",
  labels: ['number'], // the types of label that it is compared with
  perfect: (label, names) => names.map(() => label),
  namesKey: 'ends', // in the schema of an ONNX file
  normalizedLoss: () => 'my-package/my-component-ratio',
  constant: { name: 'range of all labels', error: (value) => `${value} times its error` },
  package: 'my-package',
});

/** The pinball loss of one end: `share` of the labels should be below it. */
const errorOf = (label: number, end: number, share: number) => (label - end) * (label < end ? share - 1 : share);

/** The number below which a share of the labels is. */
const quantile = (labels: ArrayLike<number>, share: number) =>
  Array.from(labels).sort((a, b) => a - b)[Math.floor(share * (labels.length - 1))]!;

defineMetric({
  name: 'my-package/my-component-ratio',
  task: 'my-package/my-component', // it reads labels, and both numbers of each prediction
  columns: 2,
  direction: 'lower',
  range: [0, Infinity],
  label: 'range ratio',
  description: 'the pinball loss of both ends over that of the best constant range',
  constant: (labels) => [quantile(labels, LOW), quantile(labels, HIGH)],
  compute({ labels, predictions, weights }) {
    const ends = [quantile(labels, LOW), quantile(labels, HIGH)];
    let [own, best] = [0, 0];
    labels.forEach((label, row) => {
      const [low, high] = [predictions[2 * row]!, predictions[2 * row + 1]!];
      own += weights[row]! * (errorOf(label, low, LOW) + errorOf(label, high, HIGH));
      best += weights[row]! * (errorOf(label, ends[0]!, LOW) + errorOf(label, ends[1]!, HIGH));
    });
    return best > 0 ? own / best : NaN;
  },
});

/** The ends of a row's range, from its two outputs: the second one is the logarithm of a width. */
function endsOf<V>(z: V, { add, at, softplus }: OutputMath<V>): [V, V] {
  const low = at(z, 0);
  return [low, add(low, softplus(at(z, 1)))];
}

/** The pinball loss of both ends (Koenker and Bassett 1978). */
export const bothEnds = defineLoss(
  'my-package/my-component-loss',
  () => (z, y, math) => {
    const [low, high] = endsOf(z, math);
    const pinball = (end: typeof low, share: number) => {
      const above = math.sub(y, end);
      return math.maximum(math.mul(above, share), math.mul(above, share - 1));
    };
    return math.add(pinball(low, LOW), pinball(high, HIGH));
  },
  { tasks: ['my-package/my-component'], description: 'pinball loss of both ends', package: 'my-package' },
);

/**
 * Declares a task that predicts a range in the label's own unit, [rows × 2]. Replace prediction, loss and metrics by yours.
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit
 * @example myComponent({ from: 'minutes' })
 */
export const myComponent = defineTask(
  'my-package/my-component',
  () => ({
    label: { type: 'number', scale: 'standard' },
    prediction: range(['low', 'high']),
    outputs: () => 2,
    loss: () => bothEnds(),
    predict: (z, math) => math.stack(endsOf(z, math)),
    metrics: ['my-package/my-component-ratio'],
  }),
  { description: 'a range that has four of five labels', package: 'my-package' },
);
