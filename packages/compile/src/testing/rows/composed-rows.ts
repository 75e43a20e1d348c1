import * as tf from '@tensorflow/tfjs';
import { inputOf, input, row, type KernelCase } from '../kernel-case.ts';

type Loss = (labels: tf.Tensor, predictions: tf.Tensor, weights?: tf.Tensor) => tf.Tensor;

/** A loss of labels that are 0 and 1, without and with weights. */
function loss(kernel: string, title: string, call: Loss, range = { from: -2, to: 2 }): KernelCase[] {
  const labels = inputOf([0, 1, 1, 0, 1, 0], [3, 2]);
  const predictions = input([3, 2], 'float32', range);
  return [
    row(kernel, title, [predictions], (y) => call(tf.tensor2d([...labels.data], [3, 2]), y!)),
    row(kernel, `${title}, weighed`, [predictions, input([3, 1], 'float32', { from: 0, to: 1 })], (y, w) =>
      call(tf.tensor2d([...labels.data], [3, 2]), y!, w!),
    ),
  ];
}

/** A layer of tf.layers, made before it is traced, as its weights are drawn. */
function layer(kernel: string, title: string, make: () => tf.layers.Layer, shape: readonly number[]): KernelCase {
  let made: tf.layers.Layer | undefined;
  const call = (x: tf.Tensor) => (made ??= built(make(), shape)).apply(x) as tf.Tensor;
  return row(kernel, title, [input([2, ...shape])], (x) => call(x!), { constants: false });
}

/** Its weights are made at the first call. */
function built(made: tf.layers.Layer, shape: readonly number[]): tf.layers.Layer {
  tf.tidy(() => void made.apply(tf.zeros([1, ...shape])));
  return made;
}

const { losses } = tf;

/** Cases of operations and layers that TF.js composes of kernels: what models are written with. */
export const composedRows = (): KernelCase[] => [
  ...loss('Abs', 'losses.absoluteDifference', (a, b, w) => losses.absoluteDifference(a, b, w)),
  ...loss('Sum', 'losses.cosineDistance', (a, b) => losses.cosineDistance(a, b, 1)),
  ...loss('Relu', 'losses.hingeLoss', (a, b, w) => losses.hingeLoss(a, b, w)),
  ...loss('Minimum', 'losses.huberLoss', (a, b, w) => losses.huberLoss(a, b, w)).map((each) => ({
    ...each,
    gradient: false,
  })),
  ...loss('Log', 'losses.logLoss', (a, b, w) => losses.logLoss(a, b, w), { from: 0.1, to: 0.9 }),
  ...loss('SquaredDifference', 'losses.meanSquaredError', (a, b, w) => losses.meanSquaredError(a, b, w)),
  ...loss('Log1p', 'losses.sigmoidCrossEntropy', (a, b, w) => losses.sigmoidCrossEntropy(a, b, w)),
  ...loss('Exp', 'losses.softmaxCrossEntropy', (a, b) => losses.softmaxCrossEntropy(a, b)),
  row('Exp', 'logSumExp', [input([3, 4])], (x) => tf.logSumExp(x!, 1)),
  row('Exp', 'logSoftmax', [input([3, 4])], (x) => tf.logSoftmax(x!)),
  row('Softplus', 'logSigmoid', [input([3, 4])], (x) => tf.logSigmoid(x!)),
  row('Mean', 'moments', [input([3, 4])], (x) => Object.values(tf.moments(x!, 0))),
  row('Pow', 'norm', [input([3, 4])], (x) => tf.norm(x!, 'euclidean', 1)),
  row('Abs', 'norm 1', [input([3, 4])], (x) => tf.norm(x!, 1, 0)),
  row('BatchMatMul', 'dot', [input([3, 4]), input([4])], (a, b) => tf.dot(a!, b!)),
  row('BatchMatMul', 'outerProduct', [input([3]), input([4])], (a, b) =>
    tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
  ),
  row('Select', 'linalg.bandPart', [input([4, 4])], (x) => tf.linalg.bandPart(x!, 1, 2)),
  row('Multiply', 'eye', [input([3, 3])], (x) => tf.mul(x!, tf.eye(3))),
  row('SearchSorted', 'lowerBound and upperBound', [inputOf([1, 2, 2, 5]), input([3])], (row, x) => [
    tf.lowerBound(row!, x!),
    tf.upperBound(row!, x!),
  ]),
  row(
    'OneHot',
    'math.confusionMatrix',
    [inputOf([0, 2, 1, 2], [4], 'int32'), inputOf([0, 1, 1, 2], [4], 'int32')],
    (a, b) => tf.math.confusionMatrix(a as tf.Tensor1D, b as tf.Tensor1D, 3),
  ),
  row(
    'Multiply',
    'linalg.gramSchmidt',
    [input([2, 3])],
    (x) => tf.linalg.gramSchmidt(tf.unstack(x!) as tf.Tensor1D[]) as tf.Tensor1D[],
  ),
  row(
    'Sigmoid',
    'basicLSTMCell',
    [input([2, 3]), input([2, 4]), input([2, 4]), input([7, 16]), input([16])],
    (x, c, h, w, b) =>
      tf.basicLSTMCell(
        tf.scalar(1),
        w as tf.Tensor2D,
        b as tf.Tensor1D,
        x as tf.Tensor2D,
        c as tf.Tensor2D,
        h as tf.Tensor2D,
      ),
  ),
  layer('Tanh', 'layers.dense', () => tf.layers.dense({ units: 4, activation: 'tanh' }), [3]),
  layer('FusedBatchNorm', 'layers.batchNormalization', () => tf.layers.batchNormalization(), [3]),
  layer('Mean', 'layers.layerNormalization', () => tf.layers.layerNormalization(), [3]),
  layer('Prelu', 'layers.prelu', () => tf.layers.prelu({ alphaInitializer: 'randomUniform' }), [3]),
  layer('Elu', 'layers.elu', () => tf.layers.elu({ alpha: 1 }), [3]),
  layer('Tanh', 'layers.gru', () => tf.layers.gru({ units: 3 }), [4, 2]),
  layer('Tanh', 'layers.lstm', () => tf.layers.lstm({ units: 3, returnSequences: true }), [4, 2]),
];
