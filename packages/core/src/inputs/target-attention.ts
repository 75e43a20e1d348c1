import * as tf from '@tensorflow/tfjs-core';
import { activation, type Activation } from '../layers/activations.ts';
import { biasUniform } from '../layers/dense.ts';
import { linear } from '../layers/linear.ts';
import { uniform } from '../parameters/initializers.ts';
import type { Scope } from '../parameters/scope.ts';
import type { IdsForm } from '../features/feature-form.ts';
import type { FeaturePlace, Layout } from '../features/layout.ts';
import { slotsOf } from './pooled-numbers.ts';

/** Options of the activation unit that scores the entries of a sequence. */
export interface AttentionConfig {
  /** Widths of the hidden layers. Default [36], as in the paper's figure 2. */
  hidden?: readonly number[];
  /** Of the hidden layers. Default `sigmoid`, as in the authors' code. */
  activation?: Activation;
}

/** The embeddings of a batch before they are pooled, and what pools them. */
export interface UnpooledFeatures {
  /** [batch, fields, dimension] */
  readonly fields: tf.Tensor3D;
  /** [batch, slots, dimension] */
  readonly slots: tf.Tensor3D;
  /** [batch, slots] */
  readonly bagWeights: tf.Tensor2D;
  /** [batch, numberSlots] */
  readonly bagNumbers: tf.Tensor2D;
}

const isAttended = (place: FeaturePlace): place is FeaturePlace & { readonly form: IdsForm } =>
  place.pooling === 'attention' && place.sequence === undefined;

/**
 * Target attention (DIN, Zhou et al., KDD 2018, eq. 3): v(A) = Σ_j a(e_j, v_A) e_j, over the entries j of a sequence, for the
 * candidate A. The scores a are numbers of any size and sign; they are not normalized by a softmax.
 *
 * The activation unit is a(e_j, v_A) = MLP([b_j, v_A, e_j ⊙ v_A]). b_j is e_j with the side columns of the entry. The paper
 * calls the interaction an "out product"; here it is the elementwise product, one of the two that the authors' code has.
 *
 * @param dimension of the embeddings
 * @returns a function that multiplies the weights of attended entries by their scores, [batch, slots]. Padding keeps weight 0.
 * Undefined when no sequence of the layout is pooled by attention
 */
export function targetAttention(
  scope: Scope,
  layout: Layout,
  dimension: number,
  config: AttentionConfig = {},
): ((features: UnpooledFeatures) => tf.Tensor2D) | undefined {
  const units = new Map(
    layout.places.filter(isAttended).map((sequence) => {
      const sides = sidesOf(sequence.name, layout);
      const entryDim = dimension + sides.reduce((sum, { table }) => sum + (table ? dimension : 1), 0);
      const unit = activationUnit(scope.child(sequence.name), entryDim, dimension, config);
      const target = layout.places.find(({ name }) => name === sequence.form.target)!;
      return [sequence.name, { sequence, sides, target, unit }] as const;
    }),
  );
  if (units.size === 0) return undefined;
  return (features) => {
    const scores = new Map(
      [...units].map(([name, { sequence, sides, target, unit }]) => {
        const ids = slotsOf(features.slots, sequence);
        const columns = sides.map((side) =>
          side.table ? slotsOf(features.slots, side) : tf.expandDims(slotsOf(features.bagNumbers, side), 2),
        );
        const candidate = slotsOf(features.fields, { column: target.column, width: 1 }); // [batch, 1, dimension]
        return [name, unit([ids, ...columns], candidate)];
      }),
    );
    const pools = layout.places.filter(({ part }) => part === 'bagIds');
    const weights = pools.map((place) => {
      const score = scores.get(place.sequence ?? place.name);
      const own = slotsOf(features.bagWeights, place);
      return score ? tf.mul(own, score) : own;
    });
    return tf.concat(weights, 1) as tf.Tensor2D;
  };
}

const sidesOf = (sequence: string, { places }: Layout): FeaturePlace[] =>
  places.filter((place) => place.sequence === sequence);

/** Scores entries by their vectors, the first of which interacts with the candidate, [batch, 1, dimension]. → [batch, length] */
type ActivationUnit = (entry: readonly tf.Tensor[], candidate: tf.Tensor) => tf.Tensor;

/**
 * MLP([b, v, e ⊙ v]). The first layer is the sum of one product for each of the three, so that the candidate's product is
 * computed once a row.
 */
function activationUnit(
  scope: Scope,
  entryDim: number,
  dimension: number,
  { hidden = [36], activation: name = 'sigmoid' }: AttentionConfig,
): ActivationUnit {
  const inputDim = entryDim + 2 * dimension;
  const [first = 1, ...further] = [...hidden, 1];
  const init = uniform(1 / Math.sqrt(inputDim));
  const ofEntry = scope.weight('entry', [entryDim, first], init);
  const ofCandidate = scope.weight('candidate', [dimension, first], init);
  const ofInteraction = scope.weight('interaction', [dimension, first], init);
  const bias = scope.bias('bias', first, biasUniform(inputDim));
  const layers = further.map((units, i) => ({
    kernel: scope.weight(`${i}.kernel`, [[first, ...further][i]!, units]),
    bias: scope.bias(`${i}.bias`, units, biasUniform([first, ...further][i]!)),
  }));
  const act = activation(name);
  return (entry, candidate) => {
    const all = entry.length === 1 ? entry[0]! : tf.concat([...entry], 2);
    const interaction = linear(tf.mul(entry[0]!, candidate), ofInteraction);
    let x = tf.add(tf.add(linear(all, ofEntry, bias), interaction), linear(candidate, ofCandidate));
    for (const layer of layers) x = linear(act(x), layer.kernel, layer.bias);
    return tf.squeeze(x, [2]);
  };
}
