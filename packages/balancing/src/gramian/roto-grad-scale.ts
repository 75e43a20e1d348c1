import { sum } from '@polytask/components';
import { diagonal } from '../algebra/solve.ts';
import { defineGramianBalancer } from '../define.ts';

/** ‖g_i‖ at the first step in which task i had a gradient; null before. */
type State = readonly (number | null)[];

const firstNorms = (state: State, norms: readonly number[]): State =>
  state.map((first, i) => first ?? (norms[i]! > 0 ? norms[i]! : null));

/**
 * The scaling of RotoGrad (Javaloy & Valera, ICLR 2022, section 3.1): w_i = C / ‖g_i‖, so all gradients get the same length
 * C = Σ α_i ‖g_i‖. α_i is proportional to ‖g_i‖ / ‖g_i⁰‖, so tasks that have converged less influence C more. `rotoGrad` adds
 * the rotations.
 *
 * @throws PolytaskError when an option is unknown
 * @example
 * createBalancer(rotoGradScale(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 9]] }); // [2, 0.6667]
 */
export const rotoGradScale = defineGramianBalancer(
  'rotograd-scale',
  {
    start: (_config, tasks): State => tasks.map(() => null),

    weights(state, _config, _moment, { gramian }) {
      const norms = diagonal(gramian).map(Math.sqrt);
      const first = firstNorms(state, norms);
      const progress = norms.map((norm, i) => (norm > 0 ? norm / first[i]! : 0));
      const whole = sum(progress);
      const length = sum(norms, (norm, i) => (whole > 0 ? progress[i]! / whole : 0) * norm);
      return norms.map((norm) => (norm > 0 ? length / norm : 0));
    },

    learn: (state, _config, _moment, { gramian }) => firstNorms(state, diagonal(gramian).map(Math.sqrt)),
  },
  {
    traits: { scaleInvariant: true },
    description: 'one length for all gradients',
    paper: 'Javaloy & Valera, ICLR 2022',
    package: '@polytask/balancing',
  },
);
