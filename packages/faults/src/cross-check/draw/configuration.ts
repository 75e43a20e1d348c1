import { recordOf } from '@polytask/components';
import { predictionTypeOf, trainerOf, type ComponentKind, type DeclaredFeature, type Tasks } from '@polytask/core';
import { calibrationsFor } from '@polytask/core/calibration';
import type { BalancerSpec } from '@polytask/balancing';
import type { CalibrationChoices, FitOptions, OptimizerSpec, ThresholdSpec } from '@polytask/training';
import { drawComponent, namesOf, RATES } from './components.ts';
import { dealt, type Dice, diceOf, type DrawPlace } from './dice.ts';
import { drawFeatures } from './features.ts';
import { drawModel, type DrawnModel } from './model.ts';
import { VALUES } from './option-values.ts';
import { drawTasks } from './tasks.ts';

/** A table, a model and its training, as plain JSON. */
export interface Configuration {
  /** The seed of the rows, of the model and of the orders. */
  readonly seed: number;
  readonly rows: number;
  readonly unlabeled: number;
  readonly features: Readonly<Record<string, DeclaredFeature>>;
  readonly tasks: Tasks;
  readonly context?: readonly string[];
  readonly model: DrawnModel;
  readonly fit: FitOptions;
  readonly calibrate?: CalibrationChoices;
}

/** @throws PolytaskError when the parts don't fit one another */
export function drawConfiguration(place: DrawPlace): Configuration {
  const dice = diceOf(place.seed, `${place.number}.${place.attempt}`);
  const features = drawFeatures(dice, place);
  const tasks = drawTasks(dice, place, dice.chance(0.4));
  const contexts = Object.keys(features).filter((name) => name === 'city' || name === 'device');
  const context = contexts.filter(() => dice.chance(0.5));
  const names = Object.keys(features);
  const model = drawModel({ ...place, dice, tasks, names, contexts: context });
  const calibrate = drawCalibration(dice, place, tasks);
  return {
    seed: dice.below(1000),
    rows: dice.of([20, 33, 48]),
    unlabeled: dice.of([0, 0, 0.2, 0.6]),
    ...{ features, tasks },
    ...(context.length > 0 && { context }),
    model,
    fit: drawFit(dice, place, model, Object.keys(tasks)),
    ...(calibrate && { calibrate }),
  };
}

/** A learning rate with which hardly any training diverges, and a few steps change the predictions. */
const RATE = 0.02;

function drawFit(dice: Dice, place: DrawPlace, model: DrawnModel, tasks: readonly string[]): FitOptions {
  const parts = { dice, names: [], width: 1 };
  const ofKind = (kind: ComponentKind) => dealt(namesOf(kind), kind, place);
  const schedule = () => drawComponent('schedule', ofKind('schedule'), { ...parts, values: RATES });
  const optimizer = (name: string): OptimizerSpec => {
    const spec = drawComponent('optimizer', name, parts);
    const learningRate = dice.chance(0.3) ? schedule() : RATE;
    return { ...spec, config: { ...(spec.config as object), learningRate } } as OptimizerSpec;
  };
  const name = ofKind('optimizer');
  const isFree = trainerOf(model.network) === undefined; // trees bring their training
  const hasTable = JSON.stringify(model.input).includes('"sparse"');
  const ofRows = name.startsWith('row-wise'); // an optimizer of tables only
  const byTask = recordOf(tasks, (_, t) => [0.5, 2][t % 2]!);
  return {
    batchSize: dice.of([8, 16]),
    epochs: 2,
    ...(hasTable && (ofRows || dice.chance(0.3)) ? { tableOptimizer: optimizer(name) } : {}),
    optimizer: optimizer(ofRows || dice.chance(0.1) ? 'adam' : name),
    ...(isFree &&
      dice.chance(0.6) && {
        balancing: drawComponent('balancer', ofKind('balancer'), {
          ...parts,
          values: [...VALUES, byTask],
        }) as BalancerSpec,
      }),
    ...(dice.chance(0.2) && { clip: dice.of([{ norm: 0.5 }, { value: 0.05 }, { norm: 1, value: 0.1 }]) }),
    ...(isFree && dice.chance(0.1) && { rates: { 'heads.*': 0.5 } }),
    ...(isFree && dice.chance(0.1) && { trainable: ['heads.*'] }),
    ...(dice.chance(0.1) && { shuffle: false }),
    ...(dice.chance(0.1) && { dropLast: true }),
  };
}

function drawCalibration(dice: Dice, place: DrawPlace, tasks: Tasks): Configuration['calibrate'] {
  if (!dice.chance(0.3)) return undefined;
  const calibrated = Object.entries(tasks).flatMap(([name, task]) => {
    const known = calibrationsFor(task);
    return known.length > 0 ? [[name, dice.of(known)] as const] : [];
  });
  const name = dealt(namesOf('threshold'), 'threshold', place);
  const threshold = drawComponent('threshold', name, { dice, names: [], width: 1 }) as ThresholdSpec;
  const decided = Object.keys(tasks).filter((name) => predictionTypeOf(tasks[name]!).hasDecision);
  return {
    ...(calibrated.length > 0 && { calibration: Object.fromEntries(calibrated) }),
    ...(decided.length > 0 && dice.chance(0.5) && { threshold: recordOf(decided, () => threshold) }),
    ...(dice.chance(0.5) && { intervals: 0.8 }),
  };
}
