import type { MultiTaskModel, Tasks } from '@polytask/core';
import { ARCHITECTURES } from '../architectures/architectures.ts';
import type { ReferenceConfiguration } from '../configuration.ts';
import { pairingsOf } from '../pairings.ts';
import { planOf } from '../plan.ts';
import { inexpressible } from './inexpressible.ts';
import { readWidths } from './read-parts.ts';
import { READERS } from './readers.ts';

/**
 * A model in the words of the authors' library: what `CentralTaskArch` takes to build the same one in PyTorch. Any model
 * that has such a form will do, whether it came from there or was built and trained here.
 *
 * @throws PolytaskError when the library has no such model: other experts, gates, inputs, or tasks of several logits
 * @example const { model, expert_out_dims, num_task_experts } = configurationOf(trained);
 */
export function configurationOf<T extends Tasks>(model: MultiTaskModel<T>): ReferenceConfiguration {
  const { network, tower } = model.config;
  const read = Object.hasOwn(READERS, network.name) ? READERS[network.name] : undefined;
  if (!read) return inexpressible(`one of ${Object.keys(READERS).join(', ')}`, network.name);
  const wide = model.taskNames.find((name) => model.schema.tasks[name]!.kind === 'multiclass');
  if (wide !== undefined) inexpressible('tasks of one logit', `multiclass "${wide}"`);
  const configuration: ReferenceConfiguration = {
    ...read(network.config, model.taskNames),
    input_dim: model.store.get('levels.0.experts.0.kernel').variable.shape[1]!,
    num_tasks: model.taskNames.length,
    task_mlp: tower === undefined ? [] : readWidths(tower, 'the tower'),
  };
  const plan = planOf(configuration);
  ARCHITECTURES[plan.model].network(plan); // refuses what the library can't run
  const known = new Set(pairingsOf(plan).flatMap(({ runs }) => runs.map(({ parameter }) => parameter)));
  const others = model.store.all().filter(({ name }) => !known.has(name));
  if (others.length > 0)
    inexpressible('no parameter before the first level', others.map(({ name }) => name).join(', '));
  return configuration;
}
