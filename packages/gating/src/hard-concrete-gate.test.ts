import { expectClose, plain, tinyLevel, tinyModel, tinyNetwork, trainTiny } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { hardConcreteGate, type HardConcreteGateOptions } from './hard-concrete-gate.ts';

const { sigmoid } = plain;

const ALPHAS = [-4, -1, -0.5, 0, 0.5, 1, 2, 4, -3, 3, -2, 0.1];
const LIMIT = (2 / 3) * Math.log(0.1 / 1.1);

describe('hardConcreteGate', () => {
  it('is eq. 13 outside of training: stretched, then cut, exactly 0 and 1 at the ends', () => {
    const level = tinyLevel(hardConcreteGate());
    level.write('l.gates.log_alpha', ALPHAS);
    const weights = level.weights().constant!.flat(2);
    expectClose(
      weights,
      ALPHAS.map((alpha) => Math.min(1, Math.max(0, sigmoid(alpha) * 1.2 - 0.1))),
    );
    expect([weights[0], weights[7]]).toEqual([0, 1]);
  });

  it('is closed in training as often as eq. 12 says', () => {
    const level = tinyLevel(hardConcreteGate());
    level.write('l.gates.log_alpha', ALPHAS);
    const [draws, closed] = [800, new Array<number>(12).fill(0)];
    for (let draw = 0; draw < draws; draw++) {
      level
        .weights({ training: true })
        .constant!.flat(2)
        .forEach((weight, i) => (closed[i]! += Number(weight === 0)));
    }
    ALPHAS.forEach((alpha, i) => expect(closed[i]! / draws).toBeCloseTo(1 - sigmoid(alpha - LIMIT), 1));
  });

  it('adds the expected share of open weights', () => {
    const level = tinyLevel(hardConcreteGate({ l0: 0.4, sees: 'own+shared' }));
    level.write('l.gates.log_alpha', ALPHAS);
    const visible = [0, 1, 3, 6, 7, 8, 9, 10, 11]; // of TINY_SEES['own+shared'], flat
    const share = visible.reduce((sum, i) => sum + sigmoid(ALPHAS[i]! - LIMIT), 0) / visible.length;
    expect(level.losses()['l0']).toBeCloseTo(0.4 * share, 5);
    expect(level.losses({ training: true })['l0']).toBeCloseTo(0.4 * share, 5);
  });

  it('starts at the chance to be open that it is given', () => {
    const level = tinyLevel(hardConcreteGate({ initialProbability: 0.9 }));
    for (const alpha of (level.read('l.gates.log_alpha') as number[][][]).flat(2))
      expect(sigmoid(alpha)).toBeCloseTo(0.9, 1);
  });

  it('closes some connections for good in training, exactly, and not all', { tags: ['long'] }, () => {
    const model = tinyModel(tinyNetwork({ gate: hardConcreteGate({ l0: 0.5 }), levels: 2 }), {
      tasks: ['click', 'like'],
    });
    trainTiny(model, { steps: 100, rate: 0.1 });
    const alphas = [0, 1].flatMap((l) => [...model.store.get(`levels.${l}.gates.log_alpha`).variable.dataSync()]);
    const open = alphas.map((alpha) => Math.min(1, Math.max(0, sigmoid(alpha) * 1.2 - 0.1)));
    expect(open.filter((weight) => weight === 0).length).toBeGreaterThan(open.length / 4);
    expect(open.filter((weight) => weight > 0).length).toBeGreaterThan(2);
  });

  it.each<[unknown, string]>([
    [{ low: 0.1 }, 'Expected a number in (-∞, 0) for hard-concrete.low, received 0.1.'],
    [{ high: 1 }, 'Expected a number above 1 for hard-concrete.high, received 1.'],
    [{ l1: 1 }, 'Did you mean "l0"?'],
  ])('refuses %j', (config, message) => {
    expect(() => hardConcreteGate(config as HardConcreteGateOptions)).toThrow(message);
  });
});
