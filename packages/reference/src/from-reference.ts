import { anything, optional, readOptions, recordOf, sum } from '@polytask/components';
import { binary, denseSchema, fail, logitsOf, MultiTaskModel, writeParameters, type Tasks } from '@polytask/core';
import { readDeclaration } from '@polytask/core/internal';
import { mlp } from '@polytask/experts';
import { ARCHITECTURES, pairingsOf } from './architectures/architectures.ts';
import type { ReferenceConfiguration } from './configuration.ts';
import { planOf } from './plan.ts';
import { range, toParameters, type NamedTensors } from './pairing.ts';

/** A model of so many numbers is built, however few the state dict has. */
const HARMLESS = 1_000_000;

export interface FromReferenceOptions<T extends Tasks = Tasks> {
  /** The tasks in the library's order, each of one logit. Default: binary tasks `task0`, `task1`, … */
  tasks?: T;
  /** Seed of the random numbers of further training. Default 0. */
  seed?: number;
}

/**
 * Builds a model from a configuration and a checkpoint of the authors' PyTorch library (facebookresearch/AdaTT,
 * `CentralTaskArch`). The rows of the model are `{ x: [input_dim numbers] }`. You can predict with the model, train, save,
 * compile and export it.
 *
 * @param configuration of the library, or of a reference case
 * @param tensors the state dict with the library's names, such as `readSafetensors(bytes).tensors`
 * @throws PolytaskError when the configuration counts more parts than the tensors have numbers, before the model is built
 * @throws PolytaskError when an option or a field is unknown, or the library can't run the configuration. It lists every missing, extra
 *   and misshapen tensor
 * @example
 * const { tensors } = readSafetensors(await readFile('checkpoint.safetensors'));
 * const model = fromReference(configuration, tensors, { tasks: { income: binary(), single: binary() } });
 * model.predict([{ x: [0.3, -1.2] }]).income[0];
 */
export function fromReference<T extends Tasks = Tasks>(
  configuration: ReferenceConfiguration,
  tensors: NamedTensors,
  options: FromReferenceOptions<T> = {},
): MultiTaskModel<T> {
  readOptions(options, { tasks: optional(anything), seed: optional(anything) }, 'fromReference');
  const plan = planOf(configuration, tensors);
  const network = ARCHITECTURES[plan.model].network(plan);
  const names = range(plan.tasks).map((task) => `task${task}`);
  const tasks = options.tasks ?? (recordOf(names, () => binary()) as Tasks as T);
  checkTasks(tasks, plan.tasks);
  const tower = plan.tower.length > 0 ? mlp(plan.tower) : undefined;
  const schema = denseSchema(plan.inputDim, tasks);
  const numbers = sum(Object.values(tensors), ({ data }) => data.length);
  const most = Math.max(HARMLESS, 2 * numbers); // a model of up to twice the size is built, to say which tensors differ
  const declaration = readDeclaration({ schema, network, tower, seed: options.seed ?? 0 });
  const model = new MultiTaskModel(declaration, most);
  try {
    const shapes = new Map(model.store.all().map(({ name, variable }) => [name, variable.shape]));
    writeParameters(model.store, toParameters(pairingsOf(plan), tensors, shapes), 'the state dict');
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function checkTasks(tasks: Tasks, count: number): void {
  const names = Object.keys(tasks);
  const wide = names.filter((name) => logitsOf(name, tasks[name]!) > 1);
  if (names.length === count && wide.length === 0) return;
  fail({
    expected: `${count} tasks of one logit each`,
    received:
      wide.length > 0
        ? wide.map((name) => `${tasks[name]!.kind} ${name}`).join(', ')
        : `${names.length}: ${names.join(', ')}`,
    fix: "Give as many as num_tasks, binary or regression, in the library's order.",
  });
}
