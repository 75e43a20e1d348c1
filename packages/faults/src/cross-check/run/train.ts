import { mapValues, recordOf } from '@polytask/components';
import { multiTaskModel, readParameters, writeParameters, type MultiTaskModel, type NamedTensor } from '@polytask/core';
import { type EngineChoice, fit, type FitOptions, type OptimizerSpec, sgd } from '@polytask/training';
import type { Rows } from '../data/cells.ts';
import type { Configuration } from '../draw/configuration.ts';
import type { Numbers } from '../judge/judge-training.ts';

export interface Trained {
  /** The losses of each step, by name. */
  readonly losses: Numbers;
  /** With running statistics and tables. */
  readonly parameters: Numbers;
  readonly predictions: Numbers;
}

/** How a training differs from that of the configuration. */
export interface TrainVariant {
  /** Plain gradient descent in place of the optimizers, which makes no large steps of small gradients. */
  readonly descent?: boolean;
  /** The optimizers with another epsilon, if they have one. */
  readonly epsilon?: number;
  /** A share by which each parameter is moved at the start, up or down. */
  readonly moved?: number;
}

export const modelOf = ({ seed, model }: Configuration, { train: { schema } }: Rows): MultiTaskModel =>
  multiTaskModel({ ...model, schema, seed });

export async function train(
  model: MultiTaskModel,
  engine: EngineChoice,
  configuration: Configuration,
  rows: Rows,
  { descent = false, epsilon, moved }: TrainVariant = {},
): Promise<Trained> {
  if (moved !== undefined) await move(model, moved);
  const steps: Readonly<Record<string, number>>[] = [];
  await fit(model, rows.train, {
    ...(descent ? descending(configuration.fit) : withEpsilon(configuration.fit, epsilon)),
    ...{ engine, progress: false },
    callbacks: {
      onStep: ({ loss, losses, auxiliary }) =>
        void steps.push({ total: loss, ...prefixed('task', losses), ...prefixed('auxiliary', auxiliary) }),
    },
  });
  return {
    losses: recordOf(Object.keys(steps[0] ?? {}), (name) => steps.map((step) => step[name]!)),
    parameters: mapValues(await readParameters(model.store), ({ data }) => Float32Array.from(data as Float32Array)),
    predictions: model.predict(rows.further) as unknown as Numbers,
  };
}

const prefixed = (kind: string, numbers: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${kind} ${name}`, value]));

const RATE = 0.02;

/** The length at which descent clips gradients: those of large labels would leave the range of numbers. */
const LONGEST = 1;

const descending = ({ tableOptimizer: _, ...options }: FitOptions): FitOptions => ({
  ...options,
  optimizer: sgd(RATE),
  clip: { norm: LONGEST, ...options.clip },
});

const withEpsilon = (given: FitOptions, epsilon: number | undefined): FitOptions => {
  if (epsilon === undefined) return given;
  const { optimizer, tableOptimizer, ...options } = given;
  const changed = (spec: OptimizerSpec): OptimizerSpec =>
    hasEpsilon(spec) ? { ...spec, config: { ...spec.config, ...{ epsilon } } } : spec;
  return {
    ...options,
    ...(optimizer && { optimizer: changed(optimizer) }),
    ...(tableOptimizer && { tableOptimizer: changed(tableOptimizer) }),
  };
};

/** Whether an optimizer divides by the size of a gradient, and adds an epsilon to it. */
export const hasEpsilon = (spec: OptimizerSpec | undefined): boolean => 'epsilon' in ((spec?.config ?? {}) as object);

/** 1 or −1, without a pattern that sums would cancel. */
const signOf = (i: number): number => (Math.imul(i + 1, 0x9e3779b1) < 0 ? 1 : -1);

/** Moves the parameters, and not the statistics, by a share of their size. */
export async function move(model: MultiTaskModel, share: number): Promise<void> {
  const trainable = new Set(model.store.trainable().map(({ name }) => name));
  const all = await readParameters(model.store);
  const tables = new Set(model.store.tables().map(({ name }) => name));
  const moved = mapValues(all, (tensor, name): NamedTensor => {
    if (!trainable.has(name) && !tables.has(name)) return tensor;
    const data = Float32Array.from(tensor.data as Float32Array, (value, i) => value * (1 + share * signOf(i)));
    return { ...tensor, data } as NamedTensor;
  });
  writeParameters(model.store, moved, 'the moved start');
}
