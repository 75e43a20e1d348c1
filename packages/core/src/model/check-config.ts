import { checkOptions, type Check, type Options } from '../specs/options.ts';
import { checkTaskOptions } from '../tasks/task-options.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { validateTasks } from '../tasks/validate-tasks.ts';
import type { ModelConfig } from './model.ts';

/** For an option that the model itself checks. */
const checkedLater: Check = () => {};

const OPTIONS: Options<ModelConfig> = {
  schema: checkedLater,
  network: checkedLater,
  tower: checkedLater,
  selfAuxiliaries: checkedLater,
  rotations: checkedLater,
  input: checkedLater,
  headStart: checkedLater,
  auxiliary: checkedLater,
  seed: checkedLater,
};

/**
 * Checks that a declaration has only options that the model reads, and so have its tasks. A saved model is checked when it is read.
 *
 * @throws PolytaskError that names the known options, kinds or values
 */
export function checkConfig<T extends Tasks>(config: ModelConfig<T>): void {
  checkOptions(config, OPTIONS, 'multiTaskModel');
  validateTasks(config.schema.tasks);
  checkTaskOptions(config.schema.tasks);
}
