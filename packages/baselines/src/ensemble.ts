import * as tf from '@tensorflow/tfjs-core';
import {
  component,
  listOf,
  notNegative,
  optional,
  record,
  shaped,
  sum,
  wholeNumber,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import {
  createBank,
  defineCompositeNetwork,
  defineInput,
  fail,
  unstack,
  createInput,
  createNetwork,
  repeatRows,
  startLanes,
  type Bank,
  type Call,
  type FeatureColumns,
  type FusionLevel,
  type InputSpec,
  type Lanes,
  type Network,
  type NetworkBuildInputs,
  type NetworkSpec,
} from '@polytask/core';

const member = {
  /** The architecture of the member. */
  network: component('network'),
  /** The expert after the network, for each task. */
  tower: optional(component('expert')),
  /** Its members that share weights (`members` of a model): 1, or as many as the model has. Without it, as many as the model has. */
  members: optional(wholeNumber(1)),
  /** Its share in the mean of each task's logits, which {@link membersOf} divides its head by. {@link ensembleOf} sets it. */
  shares: optional(record(notNegative)),
};

const options = {
  /** One or more networks. They are independent of each other. */
  members: listOf(shaped(member), 1),
};

const inputOptions = {
  /** The input of each member of the network. */
  members: listOf(component('input'), 1),
};

export interface EnsembleOptions extends Written<typeof options>, FromDescription {}

export interface EnsembleInputOptions extends Written<typeof inputOptions>, FromDescription {}

/**
 * Deep ensemble (Lakshminarayanan et al., NeurIPS'17): networks side by side, each with an input of its own. A task's vector
 * is the concatenation of the members' vectors, so a linear head on it can compute any weighted mean of the members' logits.
 * The model's input must be {@link ensembleInput} with as many members.
 *
 * {@link ensembleOf} makes such a model of trained ones.
 *
 * @throws PolytaskError when there is no member, or an option is unknown
 * @throws PolytaskError, when the model is built, if the input has other members, or a network has neither one member nor those of the
 *   model
 * @throws PolytaskError, when the model is built, if a member computes a task's logits from those of
 *   others (`esmm`, `aitm`) or ties experts (`softOrdering`, `adaShare`)
 * @example ensemble({ members: [{ network: adatt({ levels }), tower: mlp([32]) }, { network: mmoe({ levels }) }] })
 */
export const ensemble: (config: EnsembleOptions) => NetworkSpec = defineCompositeNetwork('ensemble', sideBySide, {
  description: 'independent networks, whose logits are averaged',
  paper: 'Lakshminarayanan et al., NeurIPS 2017',
  package: '@polytask/baselines',
  options,
});

/**
 * The input of an {@link ensemble}: the members' inputs, concatenated.
 *
 * @throws PolytaskError when there is no member, or an option is unknown
 * @example ensembleInput({ members: [embed({ dimension: 8 }), embed({ dimension: 16 })] })
 */
export const ensembleInput: (config: EnsembleInputOptions) => InputSpec = defineInput(
  'ensemble',
  ({ layout, ...scope }, { members }) => {
    const inputs = members.map((member, m) => createInput({ ...scope.child(String(m)), layout }, member));
    let total = 0;
    const starts = inputs.map(({ outputDim }) => (total += outputDim) - outputDim);
    return {
      outputDim: total,
      features: new Map(
        inputs.flatMap(({ outputDim, features = new Map<string, FeatureColumns>() }, m) => [
          [String(m), { from: starts[m]!, width: outputDim }] as const,
          ...[...features].map(
            ([name, { from, width }]) => [`${m}.${name}`, { from: starts[m]! + from, width }] as const,
          ),
        ]),
      ),
      apply: (features) => concat(inputs.map((input) => input.apply(features))),
    };
  },
  {
    description: 'the inputs of the networks of an ensemble',
    package: '@polytask/baselines',
    options: inputOptions,
  },
);

/** A built member. Its lanes are those of the ensemble with its prefix; no task has a name with a dot. */
interface BuiltMember {
  readonly prefix: string;
  readonly network: Network;
  readonly towers: Bank | undefined;
  readonly width: number;
  /** Its columns of the ensemble's input, and its rows: a network without levels and members reads each row once. */
  input(x: tf.Tensor2D): tf.Tensor2D;
  /** How often the rows of its vectors stand for those of the ensemble. */
  readonly times: number;
}

function sideBySide({ members }: Read<typeof options>, { store, tasks, input }: NetworkBuildInputs): Network {
  const built = members.map((member, m) => buildMember(member, m, { store, tasks, input }));
  const levels = built.flatMap((member) =>
    member.network.levels.map((level, l) => ({ member, level, isFirst: l === 0 })),
  );
  const placed = levels.map(({ member, level, isFirst }, l) => levelOf(member, level, isFirst, `levels.${l}`));
  return {
    levels: placed,
    outputDim: sum(built, ({ width }) => width),
    inputLanes: tasks,
    apply(x, call) {
      const lanes = placed.reduce<Lanes>((before, level) => level.apply(before, call), startLanes(tasks, x));
      const vectors = built.map((member): Lanes => {
        const own =
          member.network.levels.length > 0
            ? within(member, lanes)
            : member.network.apply(startOf(member, lanes), callOf(member, call));
        const ofTasks = tasks.map((task) => own.get(task)!);
        const after = member.towers ? unstack(member.towers.apply(ofTasks, callOf(member, call))) : ofTasks;
        return new Map(tasks.map((task, t) => [task, repeatRows(after[t] as tf.Tensor2D, member.times)]));
      });
      return new Map(tasks.map((task) => [task, concat(vectors.map((own) => own.get(task)!))]));
    },
  };
}

function buildMember(
  { network: spec, tower, members }: Read<typeof member>,
  m: number,
  { store, tasks, input }: Omit<NetworkBuildInputs, 'path'>,
): BuiltMember {
  const path = `members.${m}.`;
  const columns = input.features?.get(String(m));
  if (!columns)
    fail({
      expected: `an input with member ${m} for an ensemble`,
      received: 'another',
      fix: 'Pass input: ensembleInput({ members: […] }), with an input for each network.',
    });
  const features = new Map(
    [...(input.features ?? [])].flatMap(([name, each]) =>
      name.startsWith(`${m}.`)
        ? [[name.slice(`${m}.`.length), { ...each, from: each.from - columns.from }] as const]
        : [],
    ),
  );
  const contexts = new Map(
    [...(input.contexts ?? [])].map(([name, { place }]) => [name, { place, columns: features.get(name) }]),
  );
  const { modelMembers: all = 1, outputs } = input;
  const modelMembers = members ?? all;
  if (modelMembers !== 1 && modelMembers !== all)
    throwUnfit(spec.name, `has ${modelMembers} members where others have ${all}`);
  const place = { outputDim: columns.width, features, contexts, modelMembers, outputs };
  const network = createNetwork(store, spec, tasks, place, path);
  if (network.finish) throwUnfit(spec.name, 'computes its logits from those of other tasks');
  if (network.levels.some(({ expertsPath }) => !expertsPath.startsWith(path)))
    throwUnfit(spec.name, 'ties its experts between levels');
  const { outputDim: inputDim } = network;
  const towers =
    tower &&
    createBank(store, { path: `${path}towers`, members: tasks, experts: tower, inputDim, contexts, modelMembers });
  const times = network.levels.length === 0 ? all / modelMembers : 1; // levels give weights for all rows
  const once = (x: tf.Tensor2D): tf.Tensor2D => {
    if (times === 1) return x;
    const each = tf.reshape(x, [times, -1, input.outputDim]);
    return tf.reshape(tf.slice(each, [0, 0, 0], [1, -1, -1]), [-1, input.outputDim]);
  };
  return {
    prefix: `${m}.`,
    network,
    towers,
    width: (towers ?? network).outputDim,
    input: (x) => tf.slice(once(x), [0, columns.from], [-1, columns.width]),
    times,
  };
}

export const throwUnfit: (name: string, because: string) => never = (name, because) =>
  fail({
    expected: 'networks that can be averaged',
    received: `"${name}", which ${because}`,
    fix: 'Leave it out of the ensemble.',
  });

function levelOf(member: BuiltMember, level: FusionLevel, isFirst: boolean, place: string): FusionLevel {
  const name = (own: string) => member.prefix + own;
  const before = (lanes: Lanes) => (isFirst ? startOf(member, lanes) : within(member, lanes));
  return {
    ...level,
    outputs: level.outputs.map(name),
    experts: level.experts.map((expert) => ({ ...expert, unit: name(expert.unit) })),
    lanes: new Map([...level.lanes].map(([lane, width]) => [name(lane), width])),
    weights: (lanes, call) => level.weights(before(lanes), callOf(member, call, place)),
    apply(lanes, call) {
      const after = level.apply(before(lanes), callOf(member, call, place));
      return new Map([
        ...[...lanes].filter(([lane]) => !lane.startsWith(member.prefix)),
        ...[...after].map(([lane, vector]) => [name(lane), vector] as const),
      ]);
    },
  };
}

function startOf({ network, input }: BuiltMember, lanes: Lanes): Lanes {
  const [x] = lanes.values();
  return startLanes(network.inputLanes, input(x!));
}

const within = ({ prefix }: BuiltMember, lanes: Lanes): Lanes =>
  new Map(
    [...lanes].flatMap(([lane, vector]) => (lane.startsWith(prefix) ? [[lane.slice(prefix.length), vector]] : [])),
  );

/** The context of a member's level or tower: its own input as `raw`. @param place the name of the level for taps */
const callOf = ({ input }: BuiltMember, call: Call, place?: string): Call => ({
  ...call,
  raw: input(call.raw),
  ...(call.experts && place !== undefined && { experts: (outputs) => call.experts!(outputs, place) }),
  ...(call.lanes && place !== undefined && { lanes: (vector, _, lanes) => call.lanes!(vector, place, lanes) }),
});

const concat = (vectors: readonly tf.Tensor2D[]): tf.Tensor2D =>
  vectors.length === 1 ? vectors[0]! : tf.concat([...vectors], 1);
