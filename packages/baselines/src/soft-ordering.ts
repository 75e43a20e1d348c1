import { component, optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { expertSpecs, fusion, ownUnits, tiedExperts, type NetworkSpec } from '@polytask/core';
import { identityGate, softmaxGate } from '@polytask/gating';
import { defineNetwork } from './levels.ts';

const options = {
  /** The expert that maps each task's input to the width of the layers. */
  encoder: component('expert'),
  /** The expert of a layer, with an output as wide as its input. The layers take a list of experts in turn. */
  experts: expertSpecs,
  /** The number of layers. */
  layers: optional(wholeNumber(1), 3),
  /** The number of depths at which the layers are applied. Default: the number of layers. */
  depth: optional(wholeNumber(1), ({ layers }) => layers as number),
};

export interface SoftOrderingOptions extends Written<typeof options>, FromDescription {}

/**
 * Soft layer ordering (Meyerson & Miikkulainen, ICLR'18): y_t^{l+1} = Σ_j s_t,j,l φ_j(y_t^l). All tasks use the same layers φ
 * at every depth. s is a softmax of learned scores for each task and depth.
 *
 * @throws PolytaskError when a number is not a positive whole number, or an option is unknown
 * @throws PolytaskError, when the model is built, if the output and the input of a layer differ in width
 * @example softOrdering({ encoder: mlp([64]), experts: mlp([64]), layers: 4, depth: 3 })
 */
export const softOrdering: (config: SoftOrderingOptions) => NetworkSpec = defineNetwork(
  'soft-ordering',
  ({ encoder, experts, layers, depth }, tasks) =>
    fusion([
      { units: ownUnits(tasks), experts: encoder, outputs: tasks, gate: identityGate({ sees: 'own' }) },
      ...Array.from({ length: depth }, () => ({
        units: ownUnits(tasks, layers),
        experts,
        tied: tiedExperts('layers'),
        outputs: tasks,
        gate: softmaxGate({ sees: 'own', reads: 'nothing' }),
      })),
    ]),
  {
    description:
      'layers that are used again at every depth, in an order of each task by softmax; all of the first width',
    paper: 'Meyerson & Miikkulainen, ICLR 2018',
    variant: {
      useWhen: 'the tasks may need the same layers at different depths',
      onlyNamed: true,
      config: ({ expert, widths }) => ({
        encoder: expert([widths[0]!]),
        experts: expert([widths[0]!]),
        layers: 3,
        depth: widths.length,
      }),
    },
    options,
  },
);
