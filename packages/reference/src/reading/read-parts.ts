import { fail, type ExpertSpec, type PerTask } from '@polytask/core';

/** What the library has no words for. */
export const inexpressible = (expected: string, received: unknown): never =>
  fail({
    expected: `${expected}, as the reference library has it,`,
    received: typeof received === 'string' ? received : (JSON.stringify(received) ?? 'undefined'),
    mend: 'Such a model has no PyTorch form there: keep it as a Polytask model (save), or export it (exportOnnx).',
  });

/** Options of `mlp` that change nothing. */
const PLAIN: Readonly<Record<string, unknown>> = { activation: 'relu', dropout: 0, norm: 'none', bias: true };

/** The widths of a plain MLP with ReLUs. */
export function readWidths(expert: unknown, where: string): readonly number[] {
  const { name, config } = (expert ?? {}) as Partial<ExpertSpec<{ units: readonly number[] }>>;
  if (name !== 'mlp') inexpressible(`mlp([…]) for ${where}`, name ?? expert);
  const { units, ...options } = config!;
  const other = Object.entries(options).filter(([option, value]) => value !== undefined && value !== PLAIN[option]);
  if (other.length > 0)
    inexpressible(`mlp([…]) with ReLUs and no other option for ${where}`, Object.fromEntries(other));
  return units;
}

/** A level's options, of which the library knows these. */
export interface LevelOptions {
  readonly experts: unknown;
  readonly perTask?: PerTask;
  readonly shared?: number;
  readonly pool?: number;
  readonly gate?: unknown;
}

/** What all levels have in common: the library has one number of experts for all of them. */
export function same<V>(levels: readonly LevelOptions[], what: string, valueOf: (level: LevelOptions) => V): V {
  const values = levels.map(valueOf);
  const other = values.find((value) => JSON.stringify(value) !== JSON.stringify(values[0]));
  if (other !== undefined) inexpressible(`the same ${what} at every level`, values);
  return values[0]!;
}

/** Experts of each task; one number where all have as many. */
export function readPerTask(perTask: PerTask, tasks: readonly string[]): number | readonly number[] {
  const counts = tasks.map((task, t) => {
    if (typeof perTask === 'number') return perTask;
    return Array.isArray(perTask)
      ? (perTask as readonly number[])[t]!
      : (perTask as Readonly<Record<string, number>>)[task]!;
  });
  return counts.every((count) => count === counts[0]) ? counts[0]! : counts;
}

export const noGate = (levels: readonly LevelOptions[]): void => {
  const own = levels.find(({ gate }) => gate !== undefined);
  if (own) inexpressible("the architecture's own gate", own.gate);
};

export const readLevels = (levels: readonly LevelOptions[]): (readonly number[])[] =>
  levels.map(({ experts }, l) => readWidths(experts, `the experts of level ${l}`));
