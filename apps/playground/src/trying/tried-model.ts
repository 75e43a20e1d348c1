import { explainRows, fusionWeights, type MultiTaskModel, predictionTypeOf } from '@polytask/core';
import type { OutputExplanation, TaskExplanation } from '@polytask/core';
import type { FusionLevelWeights } from '@polytask/study';
import { type Control, rowOf, type Value } from './example-rows.ts';
import { type Changes, smallestChanges } from './smallest-change.ts';

/** A number that a model predicts for each row: a task, or a class of it. */
export interface Output {
  readonly task: string;
  /** The class, label, time or quantile. Undefined for a task with one number. */
  readonly name: string | undefined;
  readonly isProbability: boolean;
  /** The first threshold: 0.5 for a probability, else the median of the predictions on the kept rows. */
  readonly threshold: number;
}

/** What a model says of a row. */
export interface Answer {
  /** In the order of the outputs. */
  readonly scores: readonly number[];
  /** The weights of this row, level by level. */
  readonly fusion: readonly FusionLevelWeights[];
}

/** What a visitor asks for: how could this output of this row get to the threshold's other side? */
export interface Question {
  readonly values: readonly Value[];
  /** The index of the output. */
  readonly output: number;
  readonly threshold: number;
}

/** Why an output is what it is. They are in the order of the outputs. */
export type Explained = OutputExplanation & Pick<TaskExplanation, 'scale'>;

/** A model that is tried on single rows. */
export interface TriedModel {
  readonly outputs: readonly Output[];
  /** The indices of the controls. Those that move the predictions of the kept rows most come first. */
  readonly order: readonly number[];
  answer(values: readonly Value[]): Answer;
  changes(question: Question): Changes;
  /** The contributions of the features, compared with the kept rows. A later call stops the one before. */
  explain(values: readonly Value[]): Promise<Explained[]>;
  dispose(): void;
}

/** @param rows the rows that thresholds of numbers come from, one or more */
export function triedModel(
  model: MultiTaskModel,
  controls: readonly Control[],
  rows: readonly (readonly Value[])[],
): TriedModel {
  const predict = (values: readonly (readonly Value[])[]) => model.predict(values.map((each) => rowOf(controls, each)));
  let stop = new AbortController();
  const first = predict(rows);
  const outputs = model.taskNames.flatMap((task): (Output & { readonly at: number; readonly of: number })[] => {
    const { isProbability, names: own } = predictionTypeOf(model.schema.tasks[task]!);
    const names = own.length > 0 ? own : [undefined];
    return names.map((name, at) => {
      const own = Array.from(first[task]!.filter((_, i) => i % names.length === at)).sort((a, b) => a - b);
      const threshold = isProbability ? 0.5 : Number(own[Math.floor(own.length / 2)]!.toPrecision(3));
      return { task, name, isProbability, threshold, at, of: names.length };
    });
  });
  /** By control: how far the predictions move, task by task in units of their deviation, when each row takes the value of the next one. */
  const moves = controls.map((_, at) => {
    const moved = predict(rows.map((row, i) => row.with(at, rows[(i + 1) % rows.length]![at]!)));
    const ofTasks = model.taskNames.map((task) => {
      const before = first[task]!;
      const mean = before.reduce((sum, score) => sum + score, 0) / before.length;
      const total = (distance: (score: number, i: number) => number) =>
        before.reduce((sum, score, i) => sum + Math.abs(distance(score, i)), 0);
      return total((score, i) => moved[task]![i]! - score) / (total((score) => score - mean) || 1);
    });
    return ofTasks.reduce((sum, each) => sum + each, 0);
  });
  return {
    order: controls.map((_, i) => i).sort((a, b) => moves[b]! - moves[a]! || a - b),
    outputs: outputs.map(({ at: _, of: __, ...output }) => output),
    answer(values) {
      const predictions = predict([values]);
      const batch = model.encode([rowOf(controls, values)]);
      const levels = fusionWeights(model, { schema: model.schema, size: 1, batch: () => batch });
      return {
        scores: outputs.map(({ task, at }) => predictions[task]![at]!),
        fusion: levels.map(({ experts, ...level }) => ({
          ...{ ...level, outputs: [...level.outputs] },
          experts: experts.map(({ unit, index }) => `${unit}.${index}`),
        })),
      };
    },
    changes({ values, output, threshold }) {
      const { task, at, of } = outputs[output]!;
      return smallestChanges({
        ...{ controls, row: values, threshold },
        scores: (tried) => predict(tried)[task]!.filter((_, i) => i % of === at),
      });
    },
    async explain(values) {
      stop.abort();
      stop = new AbortController();
      const background = rows.map((each) => rowOf(controls, each));
      const explained = await explainRows(model, [rowOf(controls, values)], { background, signal: stop.signal });
      return Object.values(explained.rows[0]!).flatMap(({ scale, outputs: own }) =>
        own.map((output) => ({ ...output, scale })),
      );
    },
    dispose() {
      stop.abort();
      model.dispose();
    },
  };
}
