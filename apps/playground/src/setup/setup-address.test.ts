import { expect, it } from 'vitest';
import { addressOf, readAddress } from './setup-address.ts';
import { initialSetup, type Setup } from './setup.ts';

const changed: Setup = {
  ...initialSetup,
  ...{ source: 'census', correlation: 0.35, labels: 0.04, models: ['ple', 'adatt-without-residual'] },
  ...{ gate: 'noisy-top-k', balancer: 'pcgrad', levels: 3, seeds: 12 },
};

it('reads what it wrote', () => {
  const nothing = { lesson: undefined, results: undefined, faults: [] };
  expect(readAddress(`#${addressOf(changed)}`)).toEqual({ setup: changed, ...nothing });
  expect(addressOf(initialSetup)).toBe('');
  expect(readAddress('')).toEqual({ setup: initialSetup, ...nothing });
});

it('keeps the initial value of what it cannot read, and says so', () => {
  const { setup, faults } = readAddress('#correlation=2&seeds=1.5&models=adat&rows=&shape=round&epochs=7');
  expect(setup).toEqual({ ...initialSetup, epochs: 7 });
  expect(faults.map((fault) => fault.slice(0, 40))).toEqual([
    'The address has correlation=2. Expected ',
    'The address has seeds=1.5. Expected a nu',
    'The address has models=adat. Expected na',
    'The address has rows=. Expected a number',
    'The address has shape=round, and there i',
  ]);
});

it('starts from the setup of a lesson, and writes the changes of both', () => {
  const presets = { seesaw: { ...initialSetup, conflict: 0.3, seeds: 10 } };
  const { setup, lesson } = readAddress('#lesson=seesaw&seeds=3', presets);
  expect([setup.conflict, setup.seeds, lesson]).toEqual([0.3, 3, 'seesaw']);
  expect(readAddress(addressOf(setup, { lesson }), presets)).toMatchObject({ setup, lesson, faults: [] });
  expect(readAddress('#lesson=none', presets).faults).toEqual([
    'The address names the lesson "none", which isn\'t there.',
  ]);
});

it('has a shared result with its setup', () => {
  const address = addressOf(changed, { shared: '1.ab-_.c' });
  expect(address.startsWith('shared=1.ab-_.c&source=census&')).toBe(true);
  expect(readAddress(address)).toMatchObject({ setup: changed, shared: '1.ab-_.c', faults: [] });
});

it('names a file of results', () => {
  const results = '../docs/results/heat-map/results.jsonl';
  expect(addressOf(initialSetup, { results })).toBe(`results=${results}`);
  expect(readAddress(`#results=${results}`)).toMatchObject({ setup: initialSetup, results, faults: [] });
});
