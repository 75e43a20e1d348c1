import {
  anything,
  component,
  createSpec,
  either,
  fail,
  isObject,
  mapValues,
  number,
  type Option,
  type Options,
  readOptions,
  suggestion,
  text,
  notKnown,
} from '@polytask/components';
import { type Calibrated, predictionTypeOf, type Task, type Tasks } from '@polytask/core';
import { chooseThreshold, type ThresholdSpec } from './thresholds.ts';

/** One value for each task that can have it, or a value by task. */
export type ByTask<V, T extends Tasks = Tasks> = V | { readonly [K in keyof T]?: V };

export interface CalibrationChoices<T extends Tasks = Tasks> {
  /** The name of a calibration: `temperature`, `platt` or `isotonic`. `none` removes one. */
  calibration?: ByTask<string, T> | undefined;
  /** The share of labels that intervals and sets hold, between 0 and 1. 0 removes them. */
  intervals?: ByTask<number, T> | undefined;
  /** The rule of decisions: `bestF1()`, `cost({ … })` or `rate({ … })`, or its name. `none` removes it. */
  threshold?: ByTask<string | ThresholdSpec, T> | undefined;
}

const choiceOptions: Options<CalibrationChoices> = { calibration: anything, intervals: anything, threshold: anything };

interface Plan {
  readonly calibration?: string | undefined;
  readonly level?: number | undefined;
  readonly rule?: ThresholdSpec | undefined;
  /** What the task has and keeps as it is. */
  readonly kept?: Calibrated;
}

export type CalibrationPlan<T extends Tasks = Tasks> = { readonly [K in keyof T]: Plan };

/**
 * Checks choices against tasks, before there are rows or a model.
 *
 * @throws PolytaskError for a choice that no task can have, or the named task can't
 */
export async function planCalibration<T extends Tasks>(
  tasks: T,
  choices: CalibrationChoices<NoInfer<T>>,
): Promise<CalibrationPlan<T>> {
  readOptions(choices, choiceOptions, 'calibrate');
  const { calibrationsFor } = await import('@polytask/core/calibration');
  const calibrations = chosen(tasks, 'calibration', choices.calibration, {
    option: text,
    fits: (task, name) => calibrationsFor(task).includes(name),
    refuse(task, name, where) {
      const known = calibrationsFor(task);
      fail({
        expected: `a calibration for ${where}`,
        received: `"${name}"`,
        fix: known.length > 0 ? suggestion(name, [...known, NONE]) : NO_CALIBRATION,
      });
    },
  });
  const levels = chosen(tasks, 'intervals', choices.intervals, {
    option: number({ from: 0, below: 1 }),
    fits: (task) => predictionTypeOf(task).interval !== undefined,
    refuse: (task, _, where) =>
      fail({
        expected: `a task of a number, of classes or of yes and no for ${where}`,
        received: `the ${task.kind} task`,
        fix: predictionTypeOf(task).noInterval ?? 'Leave this task out: name the others, as in { price: 0.9 }.',
      }),
  });
  const rules = chosen(tasks, 'threshold', choices.threshold, {
    option: either(text, component('threshold')),
    fits: (task) => predictionTypeOf(task).hasDecision === true,
    refuse: (task, _, where) =>
      fail({
        expected: `a yes/no task for ${where}`,
        received: `the ${task.kind} task`,
        fix: 'Leave it out. To decide on a number, declare a second task with `above`: binary({ from, above: 3 }).',
      }),
  });
  const ruleOf = (rule: string | ThresholdSpec): ThresholdSpec =>
    typeof rule === 'string' ? createSpec('threshold', rule) : rule;
  for (const rule of Object.values(rules))
    if (rule !== undefined && rule !== NONE) chooseThreshold(ruleOf(rule), TRIAL);
  return mapValues(tasks, ({ calibrated: { calibration, interval, threshold } = {} }, name): Plan => {
    const method = calibrations[name];
    const before = method === undefined ? undefined : { level: interval?.level, rule: threshold?.rule };
    const { [name]: level = before?.level } = levels;
    const { [name]: rule = before?.rule } = rules;
    return {
      calibration: method === NONE ? undefined : method,
      level: level === 0 ? undefined : level,
      rule: rule === undefined || rule === NONE ? undefined : ruleOf(rule),
      kept: {
        ...(method === undefined && calibration && { calibration }),
        ...(level === undefined && interval && { interval }),
        ...(rule === undefined && threshold && { threshold }),
      },
    };
  }) as CalibrationPlan<T>;
}

const NONE = 'none';
const NO_CALIBRATION =
  'Yes/no tasks and multiclass tasks have calibrations; numbers and counts have intervals. Leave this task out.';
const TRIAL = {
  labels: Float64Array.of(0, 1),
  predictions: Float64Array.of(0.25, 0.75),
  weights: Float64Array.of(1, 1),
};

interface Choice<V> {
  readonly option: Option<V>;
  fits(task: Task, value: V): boolean;
  refuse(task: Task, value: V, where: string): void;
}

function chosen<V>(
  tasks: Tasks,
  what: keyof CalibrationChoices,
  value: unknown,
  { option, fits, refuse }: Choice<V>,
): Readonly<Record<string, V | undefined>> {
  if (value === undefined) return {};
  const removes = (own: V) => (own as unknown) === NONE || (own as unknown) === 0;
  if (isObject(value) && !('kind' in value && 'name' in value)) {
    return mapValues(value, (each, name) => {
      const task = tasks[name] ?? notKnown(name, Object.keys(tasks), `tasks of the model in ${what}`);
      if (each === undefined) return undefined;
      const own = option.read(each, `${what}.${name}`);
      if (!removes(own) && !fits(task, own)) refuse(task, own, `${what}.${name}`);
      return own;
    });
  }
  const own = option.read(value, what);
  const those = Object.entries(tasks).filter(([, task]) => removes(own) || fits(task, own));
  if (those.length === 0) {
    const [[name, first]] = Object.entries(tasks) as [[string, Task]];
    refuse(first, own, `${what} of any task, such as "${name}"`);
  }
  return Object.fromEntries(those.map(([name]) => [name, own]));
}
