import { mlp } from '@polytask/experts';
import { expectClose, logitsOf, plain, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { omoe } from './mmoe.ts';
import type { PooledLevelsOptions } from './levels.ts';

const { fuse, gateOf, heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const level = (pool: number) => ({ experts: mlp([4], { activation: 'tanh' }), pool });

describe('omoe', () => {
  it.each([[[3]], [[3, 2]]])('is a mixture by one gate on the input, the same for all tasks: pools of %j', (pools) => {
    const model = tinyModel(omoe({ levels: pools.map(level) }));
    let vector: Rows = tinyRows(SIZE);
    pools.forEach((pool, l) => {
      const experts = Array.from({ length: pool }, (_, e) => tanhLayer(model, `levels.${l}.experts.0`, e, vector));
      vector = fuse(gateOf(model, `levels.${l}.gates`, 0, tinyRows(SIZE)), experts);
    });
    expectClose(logitsOf(model, SIZE), heads(model, [vector, vector, vector]));
    expect(model.store.get('levels.0.gates.kernel').variable.shape[0]).toBe(1);
  });

  it("refuses what it doesn't know", () => {
    expect(() => omoe({ levels: [{ ...level(2), pol: 1 }] } as unknown as PooledLevelsOptions)).toThrow(
      'Did you mean "pool"?',
    );
  });
});
