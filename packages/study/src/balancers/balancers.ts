import { choose, isCalled, type NamedEntry, readText, specText, standardName, withOptions } from '@polytask/components';
import { balancerNeeds, type BalancerSpec, type BalancerVariant } from '@polytask/balancing';
import { aboutOf, createSpec, fail, registered, variantsOf } from '@polytask/core';

/** A balancer of the registry, which `--balancers` names. */
export interface BalancerEntry extends NamedEntry {
  readonly paper?: string;
  /** None: losses are added, each with its task's own weight, as `fit` does by itself. */
  readonly spec?: BalancerSpec;
  /** True of a plain sum whose weights a run chooses on the validation rows. */
  readonly tuned?: boolean;
}

/** The plain sum with the tasks' own weights: it is in every comparison. */
export const CONTROL: BalancerEntry = {
  name: 'equal',
  also: ['ew'],
  description: "the plain sum of the losses, with the tasks' own weights: the control",
};

/** What a balancer has to beat: weights that are found by trying. It is wherever balancers are compared. */
export const TUNED: BalancerEntry = {
  name: 'tuned-weights',
  description: 'the plain sum with weights that did best on the validation rows: the tuned control',
  paper: 'Kurin et al., NeurIPS 2022',
  tuned: true,
};

/**
 * All that `--balancers` knows: the controls, and every variant of a balancer, each Gramian method a second time on the representation,
 * unless it is only there.
 *
 * @example balancers().map(({ name }) => name).includes('pcgrad@representation') // true
 */
export const balancers = (): readonly BalancerEntry[] => [
  CONTROL,
  TUNED,
  ...variantsOf<BalancerVariant<object>>('balancer').flatMap(
    ({ component, config = {}, ...about }): BalancerEntry[] => {
      const spec: BalancerSpec = createSpec('balancer', component, config);
      if (balancerNeeds(spec).of !== 'parameters') return [{ ...about, spec }];
      const { also = [], ...other } = about;
      const onRepresentation = createSpec('balancer', component, { ...config, of: 'representation' });
      return [
        { ...about, spec },
        {
          ...other,
          ...(also.length > 0 && { also: also.map((each) => `${each}@representation`) }),
          name: `${about.name}@representation`,
          description: `${about.description}; one pass through the trunk`,
          spec: onRepresentation,
        },
      ];
    },
  ),
];

/**
 * The balancer of a text: one of {@link balancers}, or any other whose options are given.
 *
 * @throws PolytaskError for an unknown name or option, with the nearest known one, and for a value that doesn't fit
 * @example balancerNamed('gradnorm(alpha=0.5)').spec.config // { alpha: 0.5, … }
 */
export function balancerNamed(text: string): BalancerEntry {
  const entries = balancers();
  const { name: called, options: given } = readText(text);
  const name = standardName('balancer', called);
  if (registered('balancer').includes(name) && !entries.some((entry) => isCalled(entry, called))) {
    const { description = '' } = aboutOf('balancer', name);
    return { name: specText(name, given), description, spec: createSpec('balancer', name, given) };
  }
  const { entry, options, label } = choose(entries, text, 'balancer');
  if (label === entry.name) return entry;
  if (entry.spec) return { ...entry, name: label, spec: withOptions(entry.spec, options) };
  return fail({
    expected: `no options of ${entry.name}`,
    received: Object.keys(options).join(', '),
    fix: `Leave them out: ${entry.name}.`,
  });
}
