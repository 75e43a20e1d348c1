import { fail } from './errors.ts';
import { aboutOf, type ComponentKind, registered } from './registry.ts';

/** What a comparison lists of any variant. */
export interface Listed {
  readonly name: string;
  readonly description: string;
  readonly paper?: string;
  readonly also?: readonly string[];
}

/**
 * What comparisons build of the components of a kind, in the order of their definition, with the component's description and paper by default.
 *
 * @throws PolytaskError when two variants have one name
 * @example variantsOf('balancer').map(({ name }) => name) // with '@polytask/balancing' imported: ['decaying-weights', …]
 */
export function variantsOf<V extends object>(
  kind: ComponentKind,
): (Omit<V, keyof Listed> & Listed & { readonly component: string })[] {
  const owners = new Map<string, string>();
  return registered(kind).flatMap((component) => {
    const { also: ofComponent = [], description = '', paper, variant: own, variants } = aboutOf(kind, component);
    const all = { ...(own && { [component]: own }), ...variants } as Readonly<Record<string, V & Partial<Listed>>>;
    return Object.entries(all).map(([name, variant]) => {
      const also = [...(name === component ? ofComponent : []), ...(variant.also ?? [])];
      for (const each of new Set([name, ...also])) take(owners, each, `${kind} "${component}"`);
      return {
        description,
        ...(paper !== undefined && { paper }),
        ...variant,
        ...(also.length > 0 && { also }),
        name,
        component,
      };
    });
  });
}

function take(owners: Map<string, string>, name: string, owner: string): void {
  const other = owners.get(name);
  if (other !== undefined) {
    fail({
      expected: 'a name of its own for each variant in a comparison',
      received: `"${name}" of ${other} and of ${owner}`,
      fix: 'Give the variant of one definition another name.',
    });
  }
  owners.set(name, owner);
}
