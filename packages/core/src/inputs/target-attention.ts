import * as tf from '@tensorflow/tfjs-core';
import { activation, biasUniform, linear } from '../layers/dense.ts';
import { uniform } from '../parameters/initializers.ts';
import { attentionOptions, definePooling } from './pooling.ts';

/**
 * Target attention (DIN, Zhou et al., KDD 2018, eq. 3): v(A) = Σ_j a(e_j, v_A) e_j, over the entries j of a sequence, for the
 * candidate A. The scores a are numbers of any size and sign; they are not normalized by a softmax.
 *
 * The activation unit is a(e_j, v_A) = MLP([b_j, v_A, e_j ⊙ v_A]). b_j is e_j with the side columns of the entry. The paper
 * calls the interaction an "out product"; here it is the elementwise product, one of the two that the authors' code has.
 *
 * The first layer is the sum of one product for each of the three, so that the candidate's product is computed once a row.
 */
definePooling(
  'attention',
  ({ width, dimension, attention, ...scope }, config) => {
    const { hidden = [36], activation: name = 'sigmoid' } = { ...attention, ...config };
    const inputDim = width + 2 * dimension;
    const [first = 1, ...further] = [...hidden, 1];
    const init = uniform(1 / Math.sqrt(inputDim));
    const ofEntry = scope.weight('entry', [width, first], init);
    const ofCandidate = scope.weight('candidate', [dimension, first], init);
    const ofInteraction = scope.weight('interaction', [dimension, first], init);
    const bias = scope.bias('bias', first, biasUniform(inputDim));
    const layers = further.map((units, i) => ({
      kernel: scope.weight(`${i}.kernel`, [[first, ...further][i]!, units]),
      bias: scope.bias(`${i}.bias`, units, biasUniform([first, ...further][i]!)),
    }));
    const act = activation(name);
    return {
      scores({ ids, entries, candidate }) {
        const interaction = linear(tf.mul(ids, candidate!), ofInteraction);
        let x = tf.add(tf.add(linear(entries, ofEntry, bias), interaction), linear(candidate!, ofCandidate));
        for (const layer of layers) x = linear(act(x), layer.kernel, layer.bias);
        return tf.squeeze<tf.Tensor2D>(x, [2]);
      },
    };
  },
  {
    description: 'entries weighed by their match with the candidate',
    paper: 'Zhou et al., KDD 2018, eq. 3',
    package: '@polytask/core',
    options: attentionOptions,
    target: true,
  },
);
