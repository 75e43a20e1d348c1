import {
  anything,
  checkOptions,
  component,
  listOf,
  number,
  oneOf,
  optional,
  record,
  shaped,
  string,
  wholeNumber,
  type Options,
} from '@polytask/components';
import { checkLoss } from '../losses/loss.ts';
import { checkTasks } from '../tasks/check-tasks.ts';
import type { Task, Tasks } from '../tasks/tasks.ts';
import type { ModelConfig } from './model.ts';

/** A function, so that a page that only loads models leaves the checks out. */
const options = (): Options<ModelConfig> => ({
  schema: shaped({ features: anything, tasks: anything, context: optional(listOf(string)) }), // the model checks features and contexts
  network: component('network'),
  tower: optional(component('expert')),
  selfAuxiliaries: optional(
    shaped({ tower: optional(component('expert')), weight: number('a number above 0', (value) => value > 0) }),
  ),
  rotations: optional(shaped({ size: optional(wholeNumber(1)) })),
  input: optional(component('input')),
  headStart: optional(oneOf('base-rate', 'random')),
  auxiliary: optional(record(number('a weight of 0 or more', (value) => value >= 0))),
  seed: () => {}, // checked by the parameters' store
});

/**
 * Checks a declaration: it has only options that the model reads, and so have its tasks. A saved model is checked when it is read.
 *
 * @throws PolytaskError that names the known options, kinds or values
 */
export function checkConfig<T extends Tasks>(config: ModelConfig<T>): void {
  checkOptions(config, options(), 'multiTaskModel');
  checkTasks(config.schema.tasks);
  for (const [name, task] of Object.entries<Task>(config.schema.tasks)) checkLoss(task, `task "${name}".loss`);
}
