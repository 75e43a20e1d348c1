import { fail, type ExpertSpec, type PerTask } from '@polytask/core';
import { perTaskOf } from '../plan.ts';

/** Fails for a part of a model that the library doesn't have. */
export const inexpressible = (expected: string, received: unknown): never =>
  fail({
    expected: `${expected}, as the reference library has it,`,
    received: typeof received === 'string' ? received : (JSON.stringify(received) ?? 'undefined'),
    fix: 'Such a model has no PyTorch form there: keep it as a Polytask model (save), or export it (exportOnnx).',
  });

/** The options of `mlp` that the library's MLP has. */
const PLAIN: Readonly<Record<string, unknown>> = { activation: 'relu', dropout: 0, norm: 'none', bias: true };

/** The widths of a plain MLP with ReLUs. */
export function readWidths(expert: unknown, where: string): readonly number[] {
  const { name, config } = (expert ?? {}) as Partial<ExpertSpec<{ units: readonly number[] }>>;
  if (name !== 'mlp') inexpressible(`mlp([…]) for ${where}`, name ?? expert);
  const { units, ...options } = config!;
  const other = Object.entries(options).filter(([option, value]) => value !== PLAIN[option]);
  if (other.length > 0)
    inexpressible(`mlp([…]) with ReLUs and no other option for ${where}`, Object.fromEntries(other));
  return units;
}

/** The options of a level that the library has. A level has those of its network. */
export interface LevelOptions {
  readonly experts: unknown;
  readonly perTask: PerTask;
  readonly shared: number;
  readonly pool: number;
  readonly gate?: unknown;
}

/** A value that must be the same at every level, because the library has one number of experts for all levels. */
export function same<V>(levels: readonly LevelOptions[], what: string, valueOf: (level: LevelOptions) => V): V {
  const values = levels.map(valueOf);
  const other = values.find((value) => JSON.stringify(value) !== JSON.stringify(values[0]));
  if (other !== undefined) inexpressible(`the same ${what} at every level`, values);
  return values[0]!;
}

/** The number of experts of each task, or one number if it is the same for all tasks. */
export function readPerTask(perTask: PerTask, tasks: readonly string[]): number | readonly number[] {
  if (typeof perTask === 'number') return perTask;
  return perTaskOf({
    perTask: Array.isArray(perTask)
      ? (perTask as readonly number[])
      : tasks.map((task) => (perTask as Readonly<Record<string, number>>)[task]!),
  });
}

/** Requires that no level has a gate of its own. */
export const noGate = (levels: readonly LevelOptions[]): void => {
  const level = levels.find(({ gate }) => gate !== undefined);
  if (level) inexpressible("the architecture's own gate", level.gate);
};

/** The widths of each level's experts. */
export const readLevels = (levels: readonly LevelOptions[]): (readonly number[])[] =>
  levels.map(({ experts }, l) => readWidths(experts, `the experts of level ${l}`));
