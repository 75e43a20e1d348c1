import { regression, binary } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { expectClose, gradientsOf, logitsOf, plain, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { dbmtl, type DbmtlOptions } from './dbmtl.ts';
import { beside } from './testing/oracle.ts';

const { heads, tanhLayer } = plain;
const levels = [{ experts: mlp([4], { activation: 'tanh' }) }];
const relation = mlp([3], { activation: 'tanh' });

describe('dbmtl', () => {
  it('gives each task a function of its own vector and of the outputs for the tasks before it, in plain loops', () => {
    const model = tinyModel(dbmtl({ levels, funnel: ['b', 'c', 'a'], relation }));
    const [a, b, c] = [0, 1, 2].map((t) => tanhLayer(model, 'levels.0.experts.0', t, tinyRows(6)));
    const zb = tanhLayer(model, 'levels.1.experts.0', 0, b!);
    const zc = tanhLayer(model, 'levels.2.experts.0', 0, beside(c!, zb));
    const za = tanhLayer(model, 'levels.3.experts.0', 0, beside(a!, zb, zc));
    expectClose(logitsOf(model, 6), heads(model, [za, zb, zc]));
  });

  it('trains the networks of earlier tasks by a later one, and no other way', () => {
    const trained = (task: string) => {
      const gradient = gradientsOf(tinyModel(dbmtl({ levels, funnel: ['a', 'b'], relation })), 16, task)[
        'levels.0.experts.0.kernel'
      ]!;
      return [0, 1, 2].map((t) => gradient.slice(12 * t, 12 * t + 12).some((value) => value !== 0));
    };
    expect(trained('b')).toEqual([true, true, false]);
    expect(trained('a')).toEqual([true, false, false]);
    expect(trained('c')).toEqual([false, false, true]);
  });

  it('takes tasks of other kinds, and refuses a funnel of other tasks', () => {
    const network = dbmtl({ levels, funnel: ['a', 'b'], relation });
    expect(logitsOf(tinyModel(network, { tasks: { a: binary(), b: regression() } }), 2)['b']).toHaveLength(2);
    expect(() => tinyModel(dbmtl({ levels, funnel: ['a', 'x'], relation }))).toThrow(
      'Expected dbmtl.funnel to name tasks',
    );
    expect(() => dbmtl({ levels, funnel: ['a', 'b'] } as unknown as DbmtlOptions)).toThrow('dbmtl.relation');
  });
});
