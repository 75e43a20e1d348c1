import { MetricError, requireChoice, requireMeasurement, show } from '../metric-error.ts';
import type { Direction } from '../metric.ts';

/** One value for each seed, by the seed's name or in a list. NaN is an undefined metric. */
export type SeedScores = Readonly<Record<string, number>> | readonly number[];

/** Measured values of one metric for each task: one for each model, task and seed. */
export interface Runs<Model extends string, Task extends string, Baseline extends Model = Model> {
  /** The model that all other models are compared with. */
  readonly baseline: Baseline;
  /** The direction of each task's metric. With `one`, the compared value is the distance to 1. */
  readonly tasks: Readonly<Record<Task, Direction>>;
  /** `scores[model][task][seed]`. Use `{}` for a task that a model wasn't run on. */
  readonly scores: Readonly<Record<Model, Readonly<Record<NoInfer<Task>, SeedScores>>>>;
}

/** The values of one model in one task, by seed. The seeds are sorted, so their original order doesn't matter. */
export type BySeed = ReadonlyMap<string, number>;

/** Checked runs. A metric of direction `one` is replaced by its distance to 1, so directions are `higher` or `lower`. */
export type ReadRuns = ReturnType<typeof readRuns>;

const WHERE = 'compareRuns';

const entriesOf = (noun: string, table: unknown): [string, unknown][] => {
  if (typeof table === 'object' && table !== null && !ArrayBuffer.isView(table)) return Object.entries(table);
  throw new MetricError(
    WHERE,
    `${show(table)} for ${noun}`,
    'an object',
    'Write { baseline, tasks: { task: direction }, scores: { model: { task: { seed: value } } } }.',
  );
};

/** Sorts numbers by size, then names by letters: 2 before 10 before 'a'. */
const bySeedName = (a: string, b: string): number => {
  const [x, y] = [Number(a), Number(b)];
  const numeric = Number.isNaN(x) || Number.isNaN(y) ? Number(Number.isNaN(x)) - Number(Number.isNaN(y)) : x - y;
  return numeric || (a < b ? -1 : Number(a > b));
};

const readSeeds = (noun: string, seeds: unknown, direction: Direction): BySeed =>
  new Map(
    entriesOf(noun, seeds)
      .sort(([a], [b]) => bySeedName(a, b))
      .map(([seed, each]) => {
        const value = requireMeasurement(WHERE, `${noun}[${show(seed)}]`, each);
        return [seed, direction === 'one' ? Math.abs(value - 1) : value];
      }),
  );

const readModel = (
  model: string,
  scores: unknown,
  tasks: readonly (readonly [string, Direction])[],
): Map<string, BySeed> => {
  const noun = `scores[${show(model)}]`;
  const byTask = new Map(entriesOf(noun, scores));
  if (byTask.size !== tasks.length || !tasks.every(([task]) => byTask.has(task))) {
    throw new MetricError(
      WHERE,
      `${noun} for tasks [${[...byTask.keys()].join(', ')}]`,
      `the tasks [${tasks.map(([task]) => task).join(', ')}]`,
      'Give every model the same tasks, and {} for one that it was not run on.',
    );
  }
  return new Map(
    tasks.map(([task, direction]) => [task, readSeeds(`${noun}[${show(task)}]`, byTask.get(task), direction)]),
  );
};

/** @throws MetricError that says where the value isn't of type `Runs` */
export const readRuns = (runs: Runs<string, string>) => {
  entriesOf('runs', runs);
  const tasks = entriesOf('tasks', runs.tasks).map(([task, direction]) => {
    requireChoice(WHERE, `tasks[${show(task)}]`, direction, ['higher', 'lower', 'one']);
    return [task, direction as Direction] as const;
  });
  if (tasks.length === 0)
    throw new MetricError(WHERE, 'no tasks', 'at least one', "Write e.g. tasks: { income: 'higher' }.");
  const scores = new Map(
    entriesOf('scores', runs.scores).map(([model, byTask]) => [model, readModel(model, byTask, tasks)]),
  );
  if (scores.size < 2 || !scores.has(runs.baseline)) {
    throw new MetricError(
      WHERE,
      `baseline = ${show(runs.baseline)} and the models [${[...scores.keys()].join(', ')}]`,
      'the baseline and another model',
      'Give the scores of both; the names must be the same.',
    );
  }
  return {
    models: [...scores.keys()],
    tasks: new Map(tasks.map(([task, direction]) => [task, direction === 'higher' ? 'higher' : 'lower'] as const)),
    values: (model: string, task: string): BySeed => scores.get(model)!.get(task)!,
  };
};
