import { logitsOf, type MultiTaskModel, type Tasks } from '@polytask/core';
import { ARCHITECTURES, pairingsOf } from '../architectures/architectures.ts';
import type { ReferenceConfiguration } from '../configuration.ts';
import { planOf } from '../plan.ts';
import { inexpressible, noGate, readLevels, readPerTask, readWidths, same, type LevelOptions } from './read-parts.ts';

/** The configuration of a network, so far as the library knows its options. */
interface Levels {
  readonly levels: readonly LevelOptions[];
  readonly residual: boolean;
}

/** The fields of a configuration that depend on the network. */
type NetworkFields = Pick<
  ReferenceConfiguration,
  'model' | 'expert_out_dims' | 'num_task_experts' | 'num_shared_experts' | 'self_exp_res_connect' | 'gate_archs'
>;

/** Translates the configuration of a network. It throws a PolytaskError when the library has no such network. */
type NetworkReader = (config: Levels, tasks: readonly string[]) => NetworkFields;

const perTaskOf = (levels: readonly LevelOptions[], tasks: readonly string[]) =>
  same(levels, 'perTask', ({ perTask }) => readPerTask(perTask, tasks));

/** AdaTT without shared experts is `AdaTTSp`, with shared experts `AdaTTWSharedExps`. */
const adatt: NetworkReader = ({ levels, residual }, tasks) => {
  noGate(levels);
  const perTask = perTaskOf(levels, tasks);
  const shared = same(levels, 'shared', ({ shared }) => shared);
  const fields = { expert_out_dims: readLevels(levels), num_task_experts: perTask, self_exp_res_connect: residual };
  if (shared > 0) return { model: 'att_g', ...fields, num_shared_experts: shared };
  if (typeof perTask === 'number') return { model: 'att_sp', ...fields };
  if (residual || levels.length > 1) inexpressible('as many experts for each task where nothing is shared', perTask);
  return { model: 'att_g', ...fields, num_shared_experts: 0 };
};

const idleGate: NetworkReader = ({ levels }, tasks) => ({
  model: 'att_g',
  expert_out_dims: readLevels(levels),
  num_task_experts: perTaskOf(levels, tasks),
  num_shared_experts: 0,
  self_exp_res_connect: false,
});

const ple: NetworkReader = ({ levels }, tasks) => {
  noGate(levels);
  const perTask = perTaskOf(levels, tasks);
  return {
    model: 'ple',
    expert_out_dims: readLevels(levels),
    num_task_experts: perTask === 0 ? tasks.map(() => 0) : perTask, // the library divides by a plain 0
    num_shared_experts: same(levels, 'shared', ({ shared }) => shared),
  };
};

const mmoe: NetworkReader = ({ levels }) => {
  const gates = levels.map(({ gate }) => readHidden(gate));
  return {
    model: 'mmoe',
    expert_out_dims: readLevels(levels),
    num_shared_experts: same(levels, 'pool', ({ pool }) => pool),
    ...(gates.some((widths) => widths.length > 0) && { gate_archs: gates }),
  };
};

/** The hidden widths of a gate that reads the network's input. */
function readHidden(gate: unknown): readonly number[] {
  if (gate === undefined) return [];
  const { name, config } = gate as { name: string; config: { reads?: string; hidden: readonly number[] } };
  const { reads, hidden, ...rest } = config;
  const plain = { activation: 'relu', bias: true, temperature: 1, sees: 'all' } as Readonly<Record<string, unknown>>;
  const other = Object.entries(rest).some(([option, value]) => value !== plain[option]);
  if (name !== 'softmax' || reads !== 'raw' || other) inexpressible("softmaxGate({ reads: 'raw', hidden })", gate);
  return hidden;
}

const crossStitch: NetworkReader = ({ levels }) => ({ model: 'cross_st', expert_out_dims: readLevels(levels) });

const sharedBottom: NetworkReader = ({ levels }) => ({ model: 'share_bottom', expert_out_dims: readLevels(levels) });

/** Readers by the names under which networks are saved. */
const READERS: Readonly<Record<string, NetworkReader>> = {
  adatt,
  'adatt-idle-shared-gate': idleGate,
  ple,
  mmoe,
  'cross-stitch': crossStitch,
  'shared-bottom': sharedBottom,
};

/**
 * The configuration with which `CentralTaskArch` of the authors' library builds the same model in PyTorch. The model may come
 * from `fromReference`, or be built and trained with Polytask.
 *
 * @throws PolytaskError when the library has no such model: other experts, gates, inputs, or tasks of several logits
 * @example const { model, expert_out_dims, num_task_experts } = configurationOf(trained);
 */
export function configurationOf<T extends Tasks>(model: MultiTaskModel<T>): ReferenceConfiguration {
  const { network, tower } = model.config;
  const read = Object.hasOwn(READERS, network.name) ? READERS[network.name] : undefined;
  if (!read) return inexpressible(`one of ${Object.keys(READERS).join(', ')}`, network.name);
  const wide = model.taskNames.find((name) => logitsOf(name, model.schema.tasks[name]!) > 1);
  if (wide !== undefined) inexpressible('tasks of one logit', `${model.schema.tasks[wide]!.kind} "${wide}"`);
  if (model.members > 1) inexpressible('a model of one member', model.members);
  const configuration: ReferenceConfiguration = {
    ...read(network.config as unknown as Levels, model.taskNames),
    input_dim: model.store.get('levels.0.experts.0.kernel').variable.shape[1]!,
    num_tasks: model.taskNames.length,
    task_mlp: tower === undefined ? [] : readWidths(tower, 'the tower'),
  };
  const plan = planOf(configuration);
  ARCHITECTURES[plan.model].network(plan); // throws when the library can't run the plan
  const parameters = new Set(pairingsOf(plan).flatMap(({ runs }) => runs.map(({ parameter }) => parameter)));
  const others = model.store.all().filter(({ name }) => !parameters.has(name));
  if (others.length > 0)
    inexpressible('no parameter before the first level', others.map(({ name }) => name).join(', '));
  return configuration;
}
