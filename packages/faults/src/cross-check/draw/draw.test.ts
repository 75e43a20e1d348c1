import { optionsOf } from '@polytask/components';
import '@tensorflow/tfjs';
import '@polytask/bench'; // registers all components
import { type ComponentKind, type Spec } from '@polytask/core';
import { featureOptions } from '@polytask/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawComponent, namesOf, RATES } from './components.ts';
import { drawConfiguration } from './configuration.ts';
import { dealt, diceOf } from './dice.ts';
import { COLUMNS, VALUES } from './option-values.ts';

const DRAWS = 480;
/** Of each component. */
const COMPONENT_DRAWS = 60;

/** The options that were drawn of each component, as `expert mlp`. */
const drawn = new Map<string, Set<string>>();

function note(kind: string, name: string, options: object): void {
  const key = `${kind} ${name}`;
  drawn.set(key, new Set([...(drawn.get(key) ?? []), ...Object.keys(options)]));
}

/** Notes all components within a value. */
function noteAll(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const { kind, name, config } = value as Partial<Spec>;
  if (kind !== undefined && name !== undefined && config) note(kind, name, config as object);
  Object.values(value).forEach(noteAll);
}

/** Kinds whose components are drawn by their options alone. Those of networks and losses fit a model or a task. */
const BY_OPTIONS = ['expert', 'gate', 'input', 'balancer', 'optimizer', 'schedule', 'threshold'] as const;

const KINDS: readonly ComponentKind[] = [
  ...(['expert', 'gate', 'network', 'input', 'loss', 'task', 'feature', 'balancer', 'optimizer'] as const),
  ...(['schedule', 'calibration', 'threshold'] as const),
];

describe('draws', { tags: ['long'] }, () => {
  beforeAll(() => {
    for (let number = 0; number < DRAWS; number++) {
      let configuration: ReturnType<typeof drawConfiguration>;
      try {
        configuration = drawConfiguration({ seed: 1, number, attempt: 0 });
      } catch {
        continue; // an architecture refuses the tasks
      }
      noteAll(configuration);
      for (const { kind, ...options } of Object.values(configuration.features)) note('feature', kind, options);
      for (const { kind, ...options } of Object.values(configuration.tasks)) note('task', kind, options);
      const names = Object.values(configuration.calibrate?.calibration ?? {}) as string[];
      for (const name of names) note('calibration', name, {});
    }
  });

  it.each(KINDS)('have every %s of the registry', (kind) => {
    expect(namesOf(kind).filter((name) => !drawn.has(`${kind} ${name}`))).toEqual([]);
  });

  it.each(BY_OPTIONS)('have every option of every %s', (kind) => {
    const place = { dice: diceOf(1, kind), names: ['city'], width: 4, values: kind === 'schedule' ? RATES : VALUES };
    const missing = namesOf(kind).flatMap((name) => {
      const given = Array.from({ length: COMPONENT_DRAWS }, () => drawComponent(kind, name, place).config as object);
      const found = new Set(given.flatMap((config) => Object.keys(config)));
      return Object.keys(optionsOf(kind, name) ?? {}).flatMap((each) => (found.has(each) ? [] : `${name}.${each}`));
    });
    expect(missing).toEqual([]);
  });

  it.each([
    ['task', (name: string) => optionsOf('task', name)!],
    ['feature', featureOptions],
  ] as const)('have every option of every %s but the columns', (kind, optionsIn) => {
    const missing = namesOf(kind).flatMap((name) =>
      Object.keys(optionsIn(name))
        .filter((option) => !drawn.get(`${kind} ${name}`)?.has(option) && !COLUMNS.includes(option))
        .map((option) => `${name}.${option}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('a draw', () => {
  it('is plain JSON, and the same for the same place', () => {
    const place = { seed: 3, number: 6, attempt: 0 };
    const configuration = drawConfiguration(place);
    expect(JSON.parse(JSON.stringify(configuration))).toEqual(configuration);
    expect(drawConfiguration(place)).toEqual(configuration);
    expect(drawConfiguration({ ...place, seed: 4 })).not.toEqual(configuration);
  });

  it('deals each name once a round', () => {
    const round = [0, 1, 2].map((turn) => dealt(['a', 'b', 'c'], 'letter', { seed: 1, number: 3 + turn, attempt: 0 }));
    expect(round.sort()).toEqual(['a', 'b', 'c']);
  });
});
