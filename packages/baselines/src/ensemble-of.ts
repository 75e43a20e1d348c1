import { sum, fail, recordOf } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { embed, logitsOf, multiTaskModel, type MultiTaskModel, type ParameterStore, type Tasks } from '@polytask/core';
import { ensemble, ensembleInput, throwUnfit, type EnsembleInputOptions, type EnsembleOptions } from './ensemble.ts';

/** A trained model with its weight in a mean. */
export interface WeightedModel<T extends Tasks = Tasks> {
  readonly model: MultiTaskModel<T>;
  /** Above 0: the same for all tasks, or one for each task, where 0 leaves the model out. They are divided by their sum. Default: 1. */
  readonly weight?: number | { readonly [K in keyof T]: number } | undefined;
}

const weightOf = <T extends Tasks>({ weight = 1 }: WeightedModel<T>, task: keyof T): number =>
  typeof weight === 'number' ? weight : weight[task];

/**
 * Makes one model of several trained models. Its logits are the weighted mean of theirs, task by task. It predicts the mean number of a
 * regression task, and the normalized geometric mean of the members' probabilities otherwise. It can be saved, compiled, exported and
 * trained as any model. It has the sum of the members' parameters.
 *
 * Of models that have k members themselves (`members` of {@link multiTaskModel}), the i-th members are averaged in this way, with the
 * models that have one. The mean of these k predictions is the prediction.
 *
 * @param members one or more models of the same schema. Their numbers are copied
 * @returns a model that the caller disposes of
 * @throws PolytaskError when the schemas differ, a weight is no number of 0 or more, or all weights of a task are 0
 * @throws PolytaskError for a model that can't be a member: one with rotations, with another number of members above 1, `esmm`, `aitm`,
 *   `stem`, `softOrdering`, `adaShare`
 * @example
 * const mean = ensembleOf([{ model: first, weight: 2 }, { model: second }]);
 * await save(mean, 'people-model');
 */
export function ensembleOf<T extends Tasks>(members: readonly WeightedModel<T>[]): MultiTaskModel<T> {
  const [first] = members;
  if (!first) fail({ expected: 'one or more models', received: 'none', fix: 'Pass [{ model }].' });
  const count = Math.max(...members.map(({ model }) => model.members));
  for (const { model } of members) checkMember(first.model, model, count);
  for (const task of first.model.taskNames) checkWeights(members, task);
  const configs = members.map(({ model: { config } }) => config);
  const shareOf = shares(members);
  const networks = members.map((member) => {
    const { config, members: own, taskNames } = member.model;
    return {
      network: config.network,
      ...(config.tower && { tower: config.tower }),
      ...(own !== count && { members: own }),
      shares: recordOf(taskNames, (task) => shareOf(member, task)),
    };
  });
  const target = multiTaskModel({
    schema: first.model.schema,
    network: ensemble({ members: networks }),
    ...(count > 1 && { members: count }),
    input: ensembleInput({ members: configs.map(({ input = embed() }) => input) }),
    headStart: 'random',
    seed: first.model.config.seed,
  });
  try {
    copyMembers(target, members, shareOf);
    return target;
  } catch (error) {
    target.dispose();
    throw error;
  }
}

function checkMember<T extends Tasks>({ schema }: MultiTaskModel<T>, model: MultiTaskModel<T>, members: number): void {
  if (JSON.stringify(schema) !== JSON.stringify(model.schema))
    fail({
      expected: 'models of one schema',
      received: `"${model.config.network.name}" with other features or tasks`,
      fix: 'Train them on the same table.',
    });
  if (model.rotations) throwUnfit(model.config.network.name, 'has rotations of its tasks');
  if (model.members !== 1 && model.members !== members)
    throwUnfit(model.config.network.name, `has ${model.members} members where another has ${members}`);
}

function checkWeights<T extends Tasks>(members: readonly WeightedModel<T>[], task: keyof T & string): void {
  const weights = members.map((member) => weightOf(member, task));
  if (weights.every((weight) => weight >= 0 && Number.isFinite(weight)) && weights.some((weight) => weight > 0)) return;
  fail({
    expected: `weights of 0 or more for task "${task}", and one above 0`,
    received: weights.join(', '),
    fix: 'Leave a model out of the mean that no task needs.',
  });
}

/** Copies the members' numbers. Every parameter of the ensemble is one of a member, but those of the heads are weighted means. */
function copyMembers<T extends Tasks>(
  target: MultiTaskModel<T>,
  members: readonly WeightedModel<T>[],
  shareOf: ReturnType<typeof shares<T>>,
): void {
  for (const { name, variable } of target.store.all()) {
    if (name.startsWith('heads.')) {
      tf.tidy(() => {
        const parts = members.map((member) => {
          const own = member.model.store.get(name).variable; // [tasks · members, …]
          const [, ...rest] = own.shape;
          const shares = tasksOf(target, name).map((task) => shareOf(member, task));
          const byTask = tf.reshape(own, [shares.length, member.model.members, ...rest]);
          const weighted = tf.mul(byTask, tf.reshape(shares, [shares.length, 1, ...rest.map(() => 1)]));
          const times = target.members / member.model.members;
          return tf.reshape(tf.tile(weighted, [1, times, ...rest.map(() => 1)]), [-1, ...rest]);
        });
        variable.assign(name.endsWith('.kernel') ? tf.concat(parts, 1) : tf.addN(parts)); // kernel [tasks, width, units]
      });
      continue;
    }
    variable.assign(ofMember(name, members, (store, own) => (store.has(own) ? store.get(own).variable : undefined)));
  }
  for (const table of target.store.tables()) {
    const source = ofMember(table.name, members, (store, own) => store.tables().find((each) => each.name === own));
    table.set(source.values);
  }
}

const shares =
  <T extends Tasks>(members: readonly WeightedModel<T>[]) =>
  (member: WeightedModel<T>, task: keyof T): number =>
    weightOf(member, task) / sum(members, (each) => weightOf(each, task));

/** The tasks of a bank of heads: `heads.kernel` has all, `heads.3.kernel` those of three logits. */
function tasksOf<T extends Tasks>({ taskNames, schema }: MultiTaskModel<T>, name: string): (keyof T & string)[] {
  const [, logits] = /^heads\.(\d+)\./.exec(name) ?? [];
  return logits === undefined
    ? [...taskNames]
    : taskNames.filter((task) => logitsOf(task, schema.tasks[task]!) === Number(logits));
}

/**
 * The models of a mean that {@link ensembleOf} made, with their weights: each can be trained further by itself, and `ensembleOf` makes a mean
 * of them again. The constants of their heads are those of the mean, so each model has other predictions than before, and the mean has the same. If only some of the
 * models have k members themselves, the mean nearly has.
 *
 * @returns models that the caller disposes of; undefined for a model that is no such mean
 * @example ensembleOf(membersOf(mean)!); // predicts as `mean`
 */
export function membersOf<T extends Tasks>(mean: MultiTaskModel<T>): WeightedModel<T>[] | undefined {
  const { network, input, seed } = mean.config;
  if (network.name !== 'ensemble') return undefined;
  const { members } = network.config as EnsembleOptions;
  if (members.some((member) => !member.shares)) return undefined;
  const inputs = (input!.config as EnsembleInputOptions).members;
  let first = 0; // of a member's columns of the heads
  return members.map(({ network: own, tower, members: count = mean.members, shares: weight }, m) => {
    const model = multiTaskModel({
      schema: mean.schema,
      ...{ network: own, input: inputs[m], headStart: 'random' as const, seed },
      ...(tower && { tower }),
      ...(count > 1 && { members: count }),
    }) as MultiTaskModel<T>;
    const placeOf = (name: string) =>
      name.startsWith('input.') ? `input.${m}.${name.slice('input.'.length)}` : `members.${m}.${name}`;
    let width = 0;
    for (const { name, variable } of model.store.all()) {
      if (!name.startsWith('heads.')) {
        variable.assign(mean.store.get(placeOf(name)).variable);
        continue;
      }
      tf.tidy(() => {
        const tasks = tasksOf(model, name);
        const all = mean.store.get(name).variable; // [tasks · members of the mean, …]
        const rest = variable.shape.slice(1);
        const byTask = tf.reshape(all, [tasks.length, mean.members, ...all.shape.slice(1)]);
        const own = count === 1 ? tf.mean(byTask, 1, true) : byTask;
        if (name.endsWith('.bias')) return variable.assign(tf.reshape(own, variable.shape));
        width = rest[0]!;
        const columns = tf.slice(own, [0, 0, first], [-1, -1, width]);
        const factors = tasks.map((task) => (weight![task]! > 0 ? 1 / weight![task]! : 0));
        return variable.assign(
          tf.reshape(tf.mul(columns, tf.reshape(factors, [tasks.length, 1, 1, 1])), variable.shape),
        );
      });
    }
    first += width;
    for (const table of model.store.tables())
      table.set(mean.store.tables().find(({ name }) => name === placeOf(table.name))!.values);
    return { model, weight: weight as WeightedModel<T>['weight'] };
  });
}

/** Finds a parameter or a table in its member: `input.1.table` is `input.table` of member 1. */
function ofMember<T extends Tasks, Found>(
  name: string,
  members: readonly WeightedModel<T>[],
  find: (store: ParameterStore, own: string) => Found | undefined,
): Found {
  const [part, m, ...rest] = name.split('.');
  const { store, config } = members[Number(m)]!.model;
  const own = [...(part === 'input' ? [part] : []), ...rest].join('.');
  return find(store, own) ?? throwUnfit(config.network.name, 'has an input for each lane');
}
