import { recordOf } from '@polytask/components';
import { optionsOf, declareTask, lossesFor, type Task, type Tasks } from '@polytask/core';
import { encodedLabels } from '../data/cells.ts';
import { drawComponent, namesOf } from './components.ts';
import { dealt, type Dice, type DrawPlace, turnOf, untilItWorks } from './dice.ts';
import { drawOptions, VALUES } from './option-values.ts';

const OF_TASKS: readonly unknown[] = [
  ...VALUES,
  ['a', 'b', 'c'],
  ['1', '2'],
  [0.1, 0.5, 0.9],
  [2, 5, 11.5],
  ['yes', 'y'],
];

/** Draws one to four tasks. Some configurations have binary tasks only, as the steps of funnels have to be. */
export function drawTasks(dice: Dice, place: DrawPlace, weighted: boolean): Tasks {
  const names = Array.from({ length: dice.of([1, 2, 2, 3, 3, 4]) }, (_, i) => `task${i}`);
  const isBinary = dice.chance(0.3);
  const kinds = namesOf('task');
  const kindOf = () => (isBinary ? 'binary' : dice.of(kinds));
  const [first = '', ...others] = names;
  const kind = isBinary ? 'binary' : dealt(kinds, 'task', place);
  const loss = dealt(lossesFor(kind), `loss of ${kind}`, place, Math.floor(turnOf(place) / kinds.length));
  return {
    [first]: drawTask(first, kind, weighted, dice, loss),
    ...recordOf(others, (name) => drawTask(name, kindOf(), weighted, dice)),
  };
}

/** @param loss its name. Default: drawn, or that of the kind */
function drawTask(name: string, kind: string, weighted: boolean, dice: Dice, loss?: string): Task {
  return untilItWorks(() => {
    const options = drawOptions(optionsOf('task', kind)!, { dice, names: [`event of ${name}`], values: OF_TASKS });
    if (weighted && dice.chance(0.7)) options['weightFrom'] = 'weight';
    const ofLoss = loss ?? (dice.chance(0.5) ? dice.of(lossesFor(kind)) : undefined);
    if (ofLoss !== undefined) {
      options['loss'] = drawComponent('loss', ofLoss, { dice, names: [], values: OF_TASKS, width: 1 });
    }
    const task = declareTask(kind, options);
    encodedLabels({ [name]: task });
    return task;
  });
}
