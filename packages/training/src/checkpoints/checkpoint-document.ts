import { checks, PolytaskError, readDocument } from '@polytask/core';
import type { Identity } from './identity.ts';
import type { RunState } from '../progress/run-state.ts';

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

const { anything, custom, listOf, oneOf, optional, record, shaped, wholeNumber } = checks;

const number = custom<number>((value, where) =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : checks.number().read(value, where),
);
const count = wholeNumber(0);
const sum = shaped({ value: number, weight: number });

const diagnostics = shaped({ cosine: number, magnitudeRatio: number, conflicts: number });

const report = shaped({
  epoch: count,
  loss: number,
  losses: record(number),
  auxiliary: record(number),
  balancing: optional(shaped({ weights: optional(record(number)), gradients: optional(diagnostics) })),
  validation: optional(record(record(number))),
  learningRate: number,
  steps: count,
  seconds: number,
});

const stopper = shaped({
  best: optional(shaped({ epoch: count, value: number })),
  marks: listOf(number),
  first: listOf(number),
  waited: count,
});

const document = shaped({
  format: oneOf('polytask-checkpoint'),
  version: oneOf(FORMAT),
  identity: record(anything),
  random: record(count),
  state: shaped({
    epoch: wholeNumber(1),
    batch: count,
    step: count,
    totals: shaped({
      loss: sum,
      tasks: record(sum),
      auxiliary: record(sum),
      balancing: optional(shaped({ weights: record(sum), gradients: record(sum) })),
    }),
    learningRate: number,
    seconds: number,
    history: listOf(report),
    stopper: optional(stopper),
    balancer: optional(anything),
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
  const { identity, random, state } = readDocument(document, value, place);
  return {
    identity,
    random,
    state: state as RunState,
  };
}
