import { definedBalancers, type BalancerSpec } from '@polytask/balancing';
import type { BalancerRow } from './balancer-row.ts';

/** The plain sum with the tasks' own weights: it is in every comparison. */
export const CONTROL: BalancerRow = {
  name: 'equal',
  description: "the plain sum of the losses, with the tasks' own weights: the control",
};

/** What a balancer has to beat: weights that are found by trying. It is wherever balancers are compared. */
export const TUNED: BalancerRow = {
  name: 'tuned-weights',
  description: 'the plain sum with weights that did best on the validation rows: the tuned control',
  paper: 'Kurin et al., NeurIPS 2022',
  tuned: true,
};

/**
 * All that `--balancers` knows: the controls, and every balancer whose definition has a default, each Gramian method a second
 * time on the representation, unless it is only there.
 *
 * @example balancers().map(({ name }) => name).includes('pcgrad@representation') // true
 */
export const balancers = (): readonly BalancerRow[] => [
  CONTROL,
  TUNED,
  ...definedBalancers().flatMap(({ description = '', paper, alias, default: make }): BalancerRow[] => {
    if (!make) return [];
    const spec = make();
    const row = { name: spec.kind, description, spec, ...(paper !== undefined && { paper }) };
    const named = { ...row, ...(alias !== undefined && { alias }) };
    const name = `${spec.kind}@representation`;
    if (spec.of === 'representation') return [{ ...named, name }];
    if (spec.contract !== 'gramian') return [named];
    const onRepresentation: BalancerSpec = { ...spec, of: 'representation' };
    return [named, { ...row, name, description: `${description}; one pass through the trunk`, spec: onRepresentation }];
  }),
];

/** What a trial's model is called: the model alone under the control. */
export const balancedName = (model: string, { name }: BalancerRow): string =>
  name === CONTROL.name ? model : `${model} + ${name}`;

/** The model of such a name. */
export const modelOfName = (name: string): string => name.split(' + ')[0]!;
