import {
  type Check,
  declareTask,
  lossesFor,
  recordOf,
  taskOptions,
  type Task,
  type Tasks,
} from '@polytask/core';
import { encodedLabels } from '../data/cells.ts';
import { drawComponent, namesOf } from './components.ts';
import { dealt, type Dice, type DrawPlace, turnOf, untilItWorks } from './dice.ts';
import { drawOptions, VALUES } from './option-values.ts';

/** Values of the options of tasks. */
const OF_TASKS: readonly unknown[] = [...VALUES, ['a', 'b', 'c'], ['1', '2'], [0.1, 0.5, 0.9], [2, 5, 11.5], ['yes', 'y']];

/** Draws one to four tasks. Some configurations have binary tasks only, as the steps of funnels have to be. */
export function drawTasks(dice: Dice, place: DrawPlace, weighted: boolean): Tasks {
  const names = Array.from({ length: dice.of([1, 2, 2, 3, 3, 4]) }, (_, i) => `task${i}`);
  const isBinary = dice.chance(0.3);
  const kinds = namesOf('task');
  const [first] = names;
  return recordOf(names, (name) => {
    const kind = name === first ? dealt(kinds, 'task', place.seed, turnOf(place)) : dice.of(kinds);
    return drawTask(name, isBinary ? 'binary' : kind, dice, weighted);
  });
}

function drawTask(name: string, kind: string, dice: Dice, weighted: boolean): Task {
  const component = (): never => {
    throw new Error(`A component in a ${kind} task can't be drawn yet`);
  };
  return untilItWorks(() => {
    const options: Record<string, unknown> = drawOptions(taskOptions(kind) as Readonly<Record<string, Check>>, {
      ...{ dice, names: [`event of ${name}`], values: OF_TASKS, component },
    });
    if (weighted && dice.chance(0.7)) options['weightFrom'] = 'weight';
    if (dice.chance(0.6)) {
      options['loss'] = drawComponent('loss', dice.of(lossesFor(kind)), { dice, names: [], values: OF_TASKS, width: 1 });
    }
    const task = declareTask(kind, options);
    encodedLabels({ [name]: task });
    return task;
  });
}
