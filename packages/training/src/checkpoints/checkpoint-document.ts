import { PolytaskError } from '@polytask/core';
import { z } from 'zod';
import type { EpochReport } from '../fit/reports.ts';
import type { Identity } from './identity.ts';
import type { RunState } from './run-state.ts';

const FORMAT = 1;

/** The JSON half of a checkpoint. */
export interface CheckpointDocument {
  readonly identity: Identity;
  readonly state: RunState;
  /** Where the model's random streams stand. */
  readonly random: Readonly<Record<string, number>>;
}

/** JSON has no NaN and no infinities: they are written as their names. */
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

/** Checks a checkpoint's JSON before anything is taken from it. */
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
