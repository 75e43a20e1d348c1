import { fusionWeights } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { gradientsOf, logitsOf, plain, tinyExamples, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { sharedBottom } from './single-task.ts';
import type { LevelsOptions } from './levels.ts';

const { heads, tanhLayer } = plain;

const SIZE = 6;
const tanh = (width: number) => ({ experts: mlp([width], { activation: 'tanh' }) });

describe('sharedBottom', () => {
  it('is one network and a head a task, in plain loops', () => {
    const model = tinyModel(sharedBottom({ levels: [tanh(5), tanh(4)] }));
    const bottom = tanhLayer(model, 'levels.1.experts.0', 0, tanhLayer(model, 'levels.0.experts.0', 0, tinyRows(SIZE)));
    const expected = heads(model, [bottom, bottom, bottom]);
    for (const [task, values] of Object.entries(logitsOf(model, SIZE))) {
      values.forEach((value, i) => expect(value).toBeCloseTo(expected[task]![i]!, 5));
    }
  });

  it('has one expert a level, with a fixed 1', () => {
    const model = tinyModel(sharedBottom({ levels: [tanh(5), tanh(4)] }));
    const levels = fusionWeights(model, tinyExamples(model, SIZE));
    expect(levels.map(({ outputs, constant }) => [outputs, constant])).toEqual([
      [['shared'], [[1]]],
      [
        ['a', 'b', 'c'],
        [[1], [1], [1]],
      ],
    ]);
  });

  it('is trained by every task', () => {
    const model = tinyModel(sharedBottom({ levels: [tanh(4)] }));
    const kernel = (task?: string) => gradientsOf(model, 16, task)['levels.0.experts.0.kernel']!;
    const sum = model.taskNames
      .map((task) => kernel(task))
      .reduce((total, each) => total.map((value, i) => value + each[i]!));
    kernel().forEach((value, i) => expect(value).toBeCloseTo(sum[i]!, 5));
    model.taskNames.forEach((task) => expect(kernel(task).some((value) => value !== 0)).toBe(true));
  });

  it.each<[unknown, string]>([
    [{ levels: [] }, 'Expected a list of 1 or more for shared-bottom.levels, received [].'],
    [{ levels: [tanh(4)], shared: 1 }, 'Expected an option of shared-bottom, received "shared".'],
  ])('refuses %j', (config, message) => {
    expect(() => sharedBottom(config as LevelsOptions)).toThrow(message);
  });
});
