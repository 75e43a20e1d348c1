import { fusionWeights } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { gradientsOf, logitsOf, plain, tinyExamples, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { singleTask } from './single-task.ts';
import type { LevelsOptions } from './levels.ts';

const { heads, tanhLayer } = plain;

const SIZE = 6;
const tanh = (width: number) => ({ experts: mlp([width], { activation: 'tanh' }) });

describe('singleTask', () => {
  it('is a network for each task, in plain loops', () => {
    const model = tinyModel(singleTask({ levels: [tanh(5), tanh(4)] }));
    const vectors = model.taskNames.map((_, t) =>
      tanhLayer(model, 'levels.1.experts.0', t, tanhLayer(model, 'levels.0.experts.0', t, tinyRows(SIZE))),
    );
    const expected = heads(model, vectors);
    for (const [task, values] of Object.entries(logitsOf(model, SIZE))) {
      values.forEach((value, i) => expect(value).toBeCloseTo(expected[task]![i]!, 5));
    }
  });

  it("lets no task influence another: its loss has no gradient in the others' experts, towers and heads", () => {
    const model = tinyModel(singleTask({ levels: [tanh(5), tanh(4)] }), { tower: mlp([3], { activation: 'tanh' }) });
    for (const task of model.taskNames) {
      for (const [name, gradient] of Object.entries(gradientsOf(model, 16, task))) {
        const each = gradient.length / 3; // all parameters are banks over the three tasks
        model.taskNames.forEach((other, t) => {
          const own = gradient.slice(t * each, (t + 1) * each);
          expect(
            own.some((value) => value !== 0),
            `${name} of ${other}`,
          ).toBe(other === task);
        });
      }
    }
  });

  it('is the same for a task whatever the other tasks are', () => {
    const one = tinyModel(singleTask({ levels: [tanh(4)] }), { tasks: ['b'] });
    const three = tinyModel(singleTask({ levels: [tanh(4)] }));
    logitsOf(one, SIZE)['b']!.forEach((value, i) => expect(value).toBeCloseTo(logitsOf(three, SIZE)['b']![i]!, 6));
  });

  it("has a fixed 1 on a task's own expert", () => {
    const model = tinyModel(singleTask({ levels: [tanh(4)] }));
    const [level] = fusionWeights(model, tinyExamples(model, SIZE));
    expect(level!.constant).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(level!.gated.flat().every((weight) => weight === 0)).toBe(true);
    expect(model.store.all().some(({ name }) => name.includes('gates'))).toBe(false);
  });

  it.each<[unknown, string]>([
    [{ levels: [] }, 'Expected a list of 1 or more for single-task.levels, received [].'],
    [{ level: [] }, 'Expected an option of single-task, received "level". Did you mean "levels"?'],
    [{ levels: [{ ...tanh(4), perTask: 2 }] }, 'Expected an option of single-task.levels[0], received "perTask".'],
  ])('refuses %j', (config, message) => {
    expect(() => singleTask(config as LevelsOptions)).toThrow(message);
  });
});
