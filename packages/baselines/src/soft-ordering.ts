import { checks, defineNetwork, fusion, ownUnits, type ExpertSpec } from '@polytask/core';
import { identityGate, softmaxGate } from '@polytask/gating';

const { component, expertSpecs, optional, wholeNumber } = checks;

export interface SoftOrderingConfig {
  /** What brings the input of each task to the layers' width. */
  encoder: ExpertSpec;
  /** A layer, which gives as many numbers as it reads; a list is taken in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
  /** How many layers there are. Default 3. */
  layers?: number;
  /** How often a task goes through them. Default: as many times as there are layers. */
  depth?: number;
}

/**
 * Soft layer ordering (Meyerson & Miikkulainen, ICLR'18): y_t^{l+1} = Σ_j s_t,j,l φ_j(y_t^l), with the same layers φ for
 * every task at every depth, and s a softmax of learned scores for each task and depth.
 *
 * @throws PolytaskError when a number isn't a positive whole one, or an option is unknown; when the model is built, if a
 *   layer gives another width than it reads
 * @example softOrdering({ encoder: mlp([64]), experts: mlp([64]), layers: 4, depth: 3 })
 */
export const softOrdering = defineNetwork<SoftOrderingConfig>(
  'soft-ordering',
  ({ encoder, experts, layers = 3, depth = layers }, tasks) =>
    fusion([
      { units: ownUnits(tasks), experts: encoder, outputs: tasks, gate: identityGate({ sees: 'own' }) },
      ...Array.from({ length: depth }, () => ({
        units: ownUnits(tasks, layers),
        experts,
        tied: 'layers',
        outputs: tasks,
        gate: softmaxGate({ sees: 'own', reads: 'nothing' }),
      })),
    ]),
  {
    description:
      'layers that are used again at every depth, in an order of each task by softmax; all of the first width',
    paper: 'Meyerson & Miikkulainen, ICLR 2018',
    package: '@polytask/baselines',
    variants: {
      'soft-ordering': {
        onlyNamed: true,
        config: ({ expert, widths }) => ({
          encoder: expert([widths[0]!]),
          experts: expert([widths[0]!]),
          layers: 3,
          depth: widths.length,
        }),
      },
    },
    options: {
      encoder: component('expert'),
      experts: expertSpecs,
      layers: optional(wholeNumber(1)),
      depth: optional(wholeNumber(1)),
    },
  },
);
