import * as tf from '@tensorflow/tfjs-core';
import { checkMembersOf, checkNames, checkSpec, fail, groupBy, resolve, wholeNumber } from '@polytask/components';
import type { Contexts } from '../features/layout.ts';
import type { Call } from '../layers/layer.ts';
import { checkShape, unstack, takeMembers, timesInARow } from '../layers/operations.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope, type Scope } from '../parameters/scope.ts';
import { type Expert, type ExpertDefinition, type ExpertSpec, isBankable } from './expert.ts';

export interface Bank {
  readonly outputDim: number;
  /**
   * Runs all members: → [members, batch, outputDim].
   *
   * @param x one input [batch, inputDim] for all members, lanes [lanes, batch, inputDim], or one input per member when widths differ
   * @param laneOf the index of the lane that each member reads. Default: member i reads lane i.
   */
  apply(x: BankInput, call: Call, laneOf?: readonly number[]): tf.Tensor3D;
  /** The trained parameters of the members, for penalties. */
  readonly parameters: readonly BankParameter[];
}

export type BankInput = tf.Tensor2D | tf.Tensor3D | readonly tf.Tensor2D[];

/** One trained parameter of all experts of a kind, such as their kernels. */
export interface BankParameter {
  /** The name within the expert, such as `0.kernel`. */
  readonly name: string;
  /** The indices of the bank's members that have the parameter. */
  readonly members: readonly number[];
  /** The current values, [members, ...shape of one member] */
  value(): tf.Tensor;
}

export interface BankOptions {
  path: string;
  /** Names of the members, such as `income.0`. They also name the members' random streams. */
  members: readonly string[];
  experts: ExpertSpec | readonly ExpertSpec[];
  inputDim: number | readonly number[];
  contexts?: Contexts | undefined;
  modelMembers?: number | undefined;
}

/**
 * Builds a bank of experts. Members with the same spec and input width share parameters with a leading bank axis, and run
 * as a few wide products. Experts that are not bankable are built and run one by one.
 *
 * @throws PolytaskError when the experts differ in output width, or an expert or an option is unknown
 * @example createBank(store, { path: 'experts', members: ['a', 'b'], experts: mlp([4]), inputDim: 8 })
 */
export function createBank(store: ParameterStore, config: BankOptions): Bank {
  checkNames(config, ['path', 'members', 'experts', 'inputDim', 'contexts', 'modelMembers'], 'createBank');
  const groups = groupsOf(config);
  const built = groups.map((group, g) => ({
    ...group,
    run: buildGroup(store, { ...config, path: groups.length === 1 ? config.path : `${config.path}.${g}` }, group),
  }));
  const { outputDim } = built[0]!.run;
  for (const { spec, run } of built) {
    if (run.outputDim !== outputDim) {
      fail({
        expected: `all experts of ${config.path} to give ${outputDim} numbers`,
        received: `${run.outputDim} from "${spec.name}"`,
        fix: 'Give them one width: the level adds them up.',
      });
    }
  }
  return {
    outputDim,
    parameters: built.flatMap(({ at, run }) =>
      run.parameters.map((parameter) => ({ ...parameter, members: parameter.members.map((i) => at[i]!) })),
    ),
    apply(x, call, laneOf) {
      const outputs = built.map(({ at, run }) => run.apply(...inputOf(x, at, call, laneOf)));
      if (outputs.length === 1) return outputs[0]!;
      const order = built.flatMap(({ at }) => at);
      const places = order.map((_, member) => order.indexOf(member));
      return takeMembers(tf.concat(outputs, 0), places);
    },
  };
}

interface BankOfOneKind extends Bank {
  apply(x: tf.Tensor2D | tf.Tensor3D, call: Call): tf.Tensor3D;
}

/** The input of the members `at`, and the call, which describes the lanes that they share. */
function inputOf(
  x: BankInput,
  at: readonly number[],
  call: Call,
  laneOf?: readonly number[],
): [tf.Tensor2D | tf.Tensor3D, Call] {
  if (!(x instanceof tf.Tensor)) {
    const inputs = at.map((member) => x[member]!);
    return [inputs.every((input) => input === inputs[0]) ? inputs[0]! : (tf.stack(inputs) as tf.Tensor3D), call];
  }
  if (x.rank === 2) return [x, call];
  const lanes = x as tf.Tensor3D;
  const places = laneOf ? at.map((member) => laneOf[member]!) : at;
  const inputs = takeMembers(lanes, places);
  const times = timesInARow(places, lanes.shape[0]);
  return [inputs, times !== undefined && times > 1 ? { ...call, shared: { x: inputs, lanes, times } } : call];
}

interface Group {
  spec: ExpertSpec;
  inputDim: number;
  at: number[];
}

function groupsOf({ experts, members, path, inputDim }: BankOptions): Group[] {
  const specs = Array.isArray(experts) ? (experts as ExpertSpec[]) : members.map(() => experts as ExpertSpec);
  const all = members.map((_, at) => {
    const spec = checkSpec('expert', specs[at], path);
    return { spec, inputDim: typeof inputDim === 'number' ? inputDim : inputDim[at]!, at };
  });
  const groups = groupBy(all, ({ spec: { name, config }, inputDim: width }) => JSON.stringify([name, config, width]));
  return [...groups.values()].map((group) => ({ ...group[0]!, at: group.map(({ at }) => at) }));
}

function buildGroup(
  store: ParameterStore,
  { path, members, contexts, modelMembers }: BankOptions,
  { spec, inputDim, at }: Group,
): BankOfOneKind {
  const build = (scope: Scope) => createExpert(scope, spec, inputDim);
  const names = at.map((member) => members[member]!);
  const all = [...names.keys()];

  if (isBankable(spec)) {
    const expert = build(createScope(store, path, { members: names, contexts, modelMembers }));
    return {
      outputDim: expert.outputDim,
      parameters: within(store, path).map(({ name, variable }) => ({
        name,
        members: all,
        // vectors of each member of the model, [bank · model members, 1, size], as one vector for each expert
        value: () => (variable.shape[0] === names.length ? variable : tf.reshape(variable, [names.length, 1, -1])),
      })),
      apply(x, call) {
        return expected(spec, expert.apply(x, call), [names.length, x.shape.at(-2)!, expert.outputDim]);
      },
    };
  }
  const experts = names.map((name) => build(createScope(store, `${path}.${name}`, { contexts, modelMembers })));
  const { outputDim } = experts[0]!;
  return {
    outputDim,
    parameters: within(store, `${path}.${names[0]!}`).map(({ name }) => ({
      name,
      members: all,
      value: () => tf.stack(names.map((member) => store.get(`${path}.${member}.${name}`).variable)),
    })),
    apply(x, call) {
      const inputs = x.rank === 2 ? experts.map(() => x) : unstack(x);
      const outputs = experts.map((expert, i) =>
        expected(spec, expert.apply(inputs[i]!, call), [inputs[i]!.shape[0]!, outputDim]),
      );
      return tf.stack(outputs) as tf.Tensor3D;
    },
  };
}

const within = (store: ParameterStore, path: string) =>
  store
    .trainable()
    .filter(({ name }) => name.startsWith(`${path}.`))
    .map(({ name, variable }) => ({ name: name.slice(path.length + 1), variable }));

/**
 * Builds an expert in a scope: a single expert, or all members of a bank's scope.
 *
 * @throws PolytaskError when the expert is unknown, or its `outputDim` is not a positive whole number
 * @example createExpert(createScope(new ParameterStore(7), 'expert'), mlp([4]), 8).outputDim // 4
 */
export function createExpert(scope: Scope, spec: ExpertSpec, inputDim: number): Expert {
  const { builder, config } = resolve<ExpertDefinition<unknown>>(spec);
  const expert = checkMembersOf(spec, builder.build({ ...scope, inputDim }, config), ['apply']);
  wholeNumber(1).read(expert.outputDim, `the outputDim of the expert "${spec.name}"`);
  return expert;
}

function expected<T extends tf.Tensor>({ name }: ExpertSpec, output: tf.Tensor, shape: number[]): T {
  const fix = 'Write it with operations on the last two axes (linear does), or define it with { bankable: false }.';
  checkShape(output, shape, `expert "${name}"`, fix);
  return output as T;
}
