import { mlp } from '@polytask/experts';
import { plain, read, tinyExamples, tinyModel, tinyRows, write } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { mmoe } from './mmoe.ts';
import { singleTask } from './single-task.ts';
import { taskAffinity } from './task-affinity.ts';

const { tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 9;
const levels = [6, 5].map((width) => ({ experts: mlp([width], { activation: 'tanh' }) }));

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Pearson's r by standard scores. */
function correlation(a: number[], b: number[]): number {
  const scores = (values: number[]) => {
    const deviation = Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
    return values.map((value) => (value - mean(values)) / deviation);
  };
  const [x, y] = [scores(a), scores(b)];
  return mean(x.map((value, i) => value * y[i]!));
}
/** Each value's rank by counting those below it. */
const rank = (values: number[]) => values.map((value) => values.filter((other) => other < value).length);
const dissimilarities = (rows: Rows) =>
  rows.flatMap((a, i) => rows.flatMap((b, j) => (i < j ? [1 - correlation(a, b)] : [])));

describe('taskAffinity', () => {
  it("is Spearman's correlation of the tasks' dissimilarities of rows, level by level", () => {
    const model = tinyModel(singleTask({ levels }));
    const affinity = taskAffinity(model, tinyExamples(model, SIZE));
    let vectors = [0, 1, 2].map(() => tinyRows(SIZE));
    levels.forEach((_, l) => {
      vectors = vectors.map((x, t) => tanhLayer(model, `levels.${l}.experts.0`, t, x));
      const ranked = vectors.map((rows) => rank(dissimilarities(rows)));
      ranked.forEach((a, t) =>
        ranked.forEach((b, s) => expect(affinity.levels[l]![t]![s]!).toBeCloseTo(correlation(a, b), 3)),
      );
    });
    expect(affinity.tasks).toEqual(['a', 'b', 'c']);
  });

  it('is 1 of a task with itself, and of two that see the rows alike', () => {
    const model = tinyModel(singleTask({ levels: levels.slice(0, 1) }));
    for (const name of ['kernel', 'bias']) {
      const values = read<number[][][]>(model, `levels.0.experts.0.${name}`);
      write(model, `levels.0.experts.0.${name}`, [values[0]!, values[0]!, values[2]!].flat(2));
    }
    const [level] = taskAffinity(model, tinyExamples(model, SIZE)).levels;
    for (const t of [0, 1, 2]) expect(level![t]![t]).toBeCloseTo(1, 6);
    expect(level![0]![1]).toBeCloseTo(1, 6);
    expect(level![0]![2]).toBeLessThan(0.999);
  });

  it('says when a model has no lane for every task', () => {
    const model = tinyModel(mmoe({ levels: levels.map((level) => ({ ...level, pool: 2 })) }));
    expect(() => taskAffinity(model, tinyExamples(model, SIZE))).toThrow(
      'Expected level 0 of the model to give task "a" a vector, received none.',
    );
  });
});
