import { anything, custom, listOf, number, oneOf, optional, record, shaped, wholeNumber } from '@polytask/components';
import { PolytaskError, readDocument } from '@polytask/core';
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

const anyNumber = custom<number>((value, where) =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : number().read(value, where),
);
const count = wholeNumber(0);
const sum = shaped({ value: anyNumber, weight: anyNumber });

const diagnostics = shaped({ cosine: anyNumber, magnitudeRatio: anyNumber, conflicts: anyNumber });

const report = shaped({
  epoch: count,
  loss: anyNumber,
  losses: record(anyNumber),
  auxiliary: record(anyNumber),
  balancing: optional(shaped({ weights: optional(record(anyNumber)), gradients: optional(diagnostics) })),
  validation: optional(record(record(anyNumber))),
  learningRate: anyNumber,
  steps: count,
  seconds: anyNumber,
});

const stopper = shaped({
  best: optional(shaped({ epoch: count, value: anyNumber })),
  marks: listOf(anyNumber),
  first: listOf(anyNumber),
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
    learningRate: anyNumber,
    seconds: anyNumber,
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
