import {
  logitsOf,
  ownUnits,
  type MultiTaskModel,
  type Tasks,
  fail,
  type ExpertSpec,
  type PerTask,
  type NamedTensor,
} from '@polytask/core';
import { ARCHITECTURES, pairingsOf } from './architectures/architectures.ts';
import type { ReferenceConfiguration } from './configuration.ts';
import { planOf, perTaskOf } from './plan.ts';
import { toStateDict, type NamedTensors } from './pairing.ts';

interface Levels {
  readonly levels: readonly LevelOptions[];
  readonly residual: boolean;
}

/** The fields for a network, without the widths of its experts. @throws PolytaskError when the library has no such network */
type NetworkReader = (
  config: Levels,
  tasks: readonly string[],
) => Pick<ReferenceConfiguration, 'model'> & Partial<ReferenceConfiguration>;

const perTaskIn = (levels: readonly LevelOptions[], tasks: readonly string[]) =>
  same(levels, 'perTask', ({ perTask }) =>
    perTaskOf({ perTask: ownUnits(tasks, perTask).map(({ experts }) => experts) }),
  );

const sharedIn = (levels: readonly LevelOptions[]) => same(levels, 'shared', ({ shared }) => shared);

const READERS: Readonly<Record<string, NetworkReader>> = {
  /** Without shared experts it is `AdaTTSp`, with shared experts `AdaTTWSharedExps`. */
  adatt({ levels, residual }, tasks) {
    const perTask = perTaskIn(levels, tasks);
    const shared = sharedIn(levels);
    const fields = { num_task_experts: perTask, self_exp_res_connect: residual };
    if (shared === 0 && typeof perTask === 'number') return { model: 'att_sp', ...fields };
    if (shared === 0 && (residual || levels.length > 1))
      inexpressible('as many experts for each task where nothing is shared', perTask);
    return { model: 'att_g', ...fields, num_shared_experts: shared };
  },
  'adatt-idle-shared-gate': ({ levels }, tasks) => ({
    model: 'att_g',
    num_task_experts: perTaskIn(levels, tasks),
    num_shared_experts: 0,
    self_exp_res_connect: false,
  }),
  ple({ levels }, tasks) {
    const perTask = perTaskIn(levels, tasks);
    const num_task_experts = perTask === 0 ? tasks.map(() => 0) : perTask; // the library divides by a plain 0
    return { model: 'ple', num_task_experts, num_shared_experts: sharedIn(levels) };
  },
  mmoe({ levels }) {
    const gates = levels.map(({ gate }) => readHidden(gate));
    const gate_archs = gates.some((widths) => widths.length > 0) && { gate_archs: gates };
    return { model: 'mmoe', num_shared_experts: same(levels, 'pool', ({ pool }) => pool), ...gate_archs };
  },
  'cross-stitch': () => ({ model: 'cross_st' }),
  'shared-bottom': () => ({ model: 'share_bottom' }),
};

function readHidden(gate: unknown): readonly number[] {
  if (gate === undefined) return [];
  const { name, config } = gate as { name: string; config: { reads?: string; hidden: readonly number[] } };
  const { reads, hidden, ...rest } = config;
  const plain = { activation: 'relu', bias: true, temperature: 1, sees: 'all' } as Readonly<Record<string, unknown>>;
  const other = Object.entries(rest).some(([option, value]) => value !== plain[option]);
  if (name !== 'softmax' || reads !== 'raw' || other) inexpressible("softmaxGate({ reads: 'raw', hidden })", gate);
  return hidden;
}

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
  const config = network.config as unknown as Levels;
  const ownGate = network.name === 'mmoe' ? undefined : config.levels.find(({ gate }) => gate !== undefined);
  if (ownGate) inexpressible("the architecture's own gate", ownGate.gate);
  const wide = model.taskNames.find((name) => logitsOf(name, model.schema.tasks[name]!) > 1);
  if (wide !== undefined) inexpressible('tasks of one logit', `${model.schema.tasks[wide]!.kind} "${wide}"`);
  if (model.members > 1) inexpressible('a model of one member', model.members);
  const configuration: ReferenceConfiguration = {
    ...read(config, model.taskNames),
    expert_out_dims: config.levels.map(({ experts }, l) => readWidths(experts, `the experts of level ${l}`)),
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

/**
 * The weights of a model as a state dict of the authors' PyTorch library, for `load_state_dict`. The state dict of an untrained
 * `fromReference` model equals its checkpoint bit for bit. {@link configurationOf} has the configuration for PyTorch.
 *
 * @param parameters tensors with the names and shapes of the model's parameters, such as gradients or optimizer moments.
 *   Default: the model's weights
 * @throws PolytaskError when the library has no such model
 * @example await writeFile('back.safetensors', writeSafetensors(toReference(model)));
 */
export function toReference<T extends Tasks>(
  model: MultiTaskModel<T>,
  parameters?: NamedTensors,
): Record<string, NamedTensor> {
  return toStateDict(pairingsOf(planOf(configurationOf(model))), parameters ?? own(model));
}

const own = <T extends Tasks>(model: MultiTaskModel<T>): NamedTensors =>
  Object.fromEntries(
    model.store
      .all()
      .map(({ name, variable }) => [
        name,
        { dtype: 'float32', shape: variable.shape, data: variable.dataSync<'float32'>() },
      ]),
  );

/** Fails for a part of a model that the library doesn't have. */
const inexpressible = (expected: string, received: unknown): never =>
  fail({
    expected: `${expected}, as the reference library has it,`,
    received: typeof received === 'string' ? received : (JSON.stringify(received) ?? 'undefined'),
    fix: 'Such a model has no PyTorch form there: keep it as a Polytask model (save), or export it (exportOnnx).',
  });

/** The options of `mlp` that the library's MLP has. */
const PLAIN: Readonly<Record<string, unknown>> = { activation: 'relu', dropout: 0, norm: 'none', bias: true };

function readWidths(expert: unknown, where: string): readonly number[] {
  const { name, config } = (expert ?? {}) as Partial<ExpertSpec<{ units: readonly number[] }>>;
  if (name !== 'mlp') inexpressible(`mlp([…]) for ${where}`, name ?? expert);
  const { units, ...options } = config!;
  const other = Object.entries(options).filter(([option, value]) => value !== PLAIN[option]);
  if (other.length > 0)
    inexpressible(`mlp([…]) with ReLUs and no other option for ${where}`, Object.fromEntries(other));
  return units;
}

/** The options of a level that the library has. A level has those of its network. */
interface LevelOptions {
  readonly experts: unknown;
  readonly perTask: PerTask;
  readonly shared: number;
  readonly pool: number;
  readonly gate?: unknown;
}

/** A value that must be the same at every level, because the library has one number of experts for all levels. */
function same<V>(levels: readonly LevelOptions[], what: string, valueOf: (level: LevelOptions) => V): V {
  const values = levels.map(valueOf);
  const other = values.find((value) => JSON.stringify(value) !== JSON.stringify(values[0]));
  if (other !== undefined) inexpressible(`the same ${what} at every level`, values);
  return values[0]!;
}
