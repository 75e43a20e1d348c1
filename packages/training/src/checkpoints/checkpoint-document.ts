import { PolytaskError } from '@polytask/core';
import { z } from 'zod';
import type { Json } from '@polytask/balancing';
import type { EpochReport } from '../fit/reports.ts';
import type { Identity } from './identity.ts';
import { emptyTotals, type TotalsState } from '../fit/epoch-totals.ts';
import type { StopperState } from '../stopping/stopper.ts';

const FORMAT = 1;

/** The JSON part of a checkpoint. */
export interface CheckpointDocument {
  readonly identity: Identity;
  readonly state: RunState;
  /** The counters of the model's random streams. */
  readonly random: Readonly<Record<string, number>>;
}

/** Replaces NaN and infinities by their names, as JSON has no such numbers. */
export const encodeNumbers = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(encodeNumbers);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encodeNumbers(inner)]));
};

const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]);
const count = z.int().nonnegative();
const sum = z.object({ value: number, weight: number });
const byName = <S extends z.ZodType>(schema: S) => z.record(z.string(), schema);

const diagnostics = z.object({ cosine: number, magnitudeRatio: number, conflicts: number });

const report = z.object({
  epoch: count,
  loss: number,
  losses: byName(number),
  auxiliary: byName(number),
  balancing: z.object({ weights: byName(number).optional(), gradients: diagnostics.optional() }).optional(),
  validation: byName(byName(number)).optional(),
  learningRate: number,
  steps: count,
  seconds: number,
});

const stopper = z.object({
  best: z.object({ epoch: count, value: number }).optional(),
  marks: z.array(number),
  first: z.array(number),
  waited: count,
});

const document = z.object({
  format: z.literal('polytask-checkpoint'),
  version: z.literal(FORMAT),
  identity: byName(z.unknown()),
  random: byName(count),
  state: z.object({
    epoch: z.int().positive(),
    batch: count,
    step: count,
    totals: z.object({
      loss: sum,
      tasks: byName(sum),
      auxiliary: byName(sum),
      balancing: z.object({ weights: byName(sum), gradients: byName(sum) }).optional(),
    }),
    learningRate: number,
    seconds: number,
    history: z.array(report),
    stopper: stopper.optional(),
    balancer: z.json().optional(),
  }),
});

export const toDocument = ({ identity, state, random }: CheckpointDocument): Record<string, unknown> => ({
  format: 'polytask-checkpoint',
  version: FORMAT,
  identity,
  random,
  state: encodeNumbers(state),
});

/** @throws PolytaskError when the JSON is no checkpoint, has a newer version, or was changed */
export function fromDocument(value: Readonly<Record<string, unknown>>, place: string): CheckpointDocument {
  const { format, version } = value;
  if (format !== 'polytask-checkpoint') {
    throw new PolytaskError(
      `${place} is not a checkpoint: its format is ${JSON.stringify(format)}. Pass a directory that fit wrote.`,
    );
  }
  if (typeof version === 'number' && version > FORMAT) {
    throw new PolytaskError(
      `${place} has format version ${version}, this version of Polytask reads up to ${FORMAT}. Update it.`,
    );
  }
  const result = document.safeParse(value);
  if (!result.success) {
    const issues = result.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new PolytaskError(`${place} was changed after it was written: ${issues.join('; ')}. Copy it again.`);
  }
  const { identity, random, state } = result.data;
  return { identity, random, state: { ...state, history: state.history as readonly EpochReport[] } as RunState };
}

/** The progress of a run, as plain JSON except for NaN. A resumed run needs this state and the tensors. */
export interface RunState {
  /** The 1-based index of the current epoch. */
  readonly epoch: number;
  /** Steps done in the current epoch. */
  readonly batch: number;
  /** Steps done in all epochs. */
  readonly step: number;
  /** The losses of the current epoch so far. */
  readonly totals: TotalsState;
  /** The learning rate of the last step. */
  readonly learningRate: number;
  /** Seconds of the current epoch so far. */
  readonly seconds: number;
  readonly history: readonly EpochReport[];
  readonly stopper: StopperState | undefined;
  /** The state of the balancer. */
  readonly balancer?: Json;
}

/** The state before the first step. */
export const freshState = (tasks: readonly string[]): RunState => ({
  epoch: 1,
  batch: 0,
  step: 0,
  totals: emptyTotals(tasks),
  learningRate: 0,
  seconds: 0,
  history: [],
  stopper: undefined,
});
