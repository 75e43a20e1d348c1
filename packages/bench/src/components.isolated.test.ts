import { componentsOf, type ComponentKind } from '@polytask/core';
import { expect, it } from 'vitest';

const KINDS: readonly ComponentKind[] = ['expert', 'gate', 'network', 'input', 'pooling', 'penalty', 'loss', 'task'];
const all = () => KINDS.flatMap((kind) => componentsOf(kind).map((component) => ({ kind, ...component })));
const keyOf = ({ kind, name }: { kind: ComponentKind; name: string }) => `${kind} ${name}`;

/** Upwards: each package imports only those before it, so what is new has been defined by itself. */
const PACKAGES = {
  '@polytask/core/tasks': () => import('@polytask/core/tasks'),
  '@polytask/core/features': () => import('@polytask/core/features'),
  '@polytask/experts': () => import('@polytask/experts'),
  '@polytask/gating': () => import('@polytask/gating'),
  '@polytask/adatt': () => import('@polytask/adatt'),
  '@polytask/baselines': () => import('@polytask/baselines'),
  '@polytask/reference': () => import('@polytask/reference'),
};

it('every component says what it is, and names the package that defines it', async () => {
  const before = new Set(all().map(keyOf));
  for (const component of all()) expect(component, keyOf(component)).toMatchObject({ package: '@polytask/core' });
  for (const [name, load] of Object.entries(PACKAGES)) {
    await load();
    const defined = all().filter((component) => !before.has(keyOf(component)));
    expect(defined.length).toBeGreaterThan(0);
    for (const component of defined) {
      expect(component, keyOf(component)).toMatchObject({ package: name, description: expect.any(String) as string });
      before.add(keyOf(component));
    }
  }
  await import('./index.ts');
  expect(all().filter((component) => !before.has(keyOf(component)))).toEqual([]); // none elsewhere
});
