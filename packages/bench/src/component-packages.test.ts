import { type ComponentKind, packageOf, registered } from '@polytask/core';
import { expect, it } from 'vitest';

const KINDS: readonly ComponentKind[] = ['expert', 'gate', 'network', 'input', 'penalty'];
const all = () => KINDS.flatMap((kind) => registered(kind).map((name) => ({ kind, name })));
const keyOf = ({ kind, name }: { kind: ComponentKind; name: string }) => `${kind} ${name}`;

/** Upwards: each package imports only those before it, so what is new has been defined by itself. */
const PACKAGES = {
  '@polytask/experts': () => import('@polytask/experts'),
  '@polytask/gating': () => import('@polytask/gating'),
  '@polytask/adatt': () => import('@polytask/adatt'),
  '@polytask/baselines': () => import('@polytask/baselines'),
  '@polytask/reference': () => import('@polytask/reference'),
};

it("core's table of packages has every component of this family", async () => {
  const known = new Set(all().map(keyOf));
  expect(all().map(({ kind, name }) => packageOf(kind, name))).toEqual([...known].map(() => undefined)); // core's own
  for (const [name, load] of Object.entries(PACKAGES)) {
    await load();
    const defined = all().filter((each) => !known.has(keyOf(each)));
    expect(defined.length).toBeGreaterThan(0);
    expect(defined.map((each) => [keyOf(each), packageOf(each.kind, each.name)])).toEqual(
      defined.map((each) => [keyOf(each), name]),
    );
    for (const each of defined) known.add(keyOf(each));
  }
  await import('./index.ts');
  expect(all().filter((each) => !known.has(keyOf(each)))).toEqual([]); // none elsewhere
});
