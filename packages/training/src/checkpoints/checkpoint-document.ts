import { json, PolytaskError } from '@polytask/core';
import type { EpochReport } from '../fit/reports.ts';
import type { Identity } from './identity.ts';
import type { RunState } from '../fit/run-state.ts';

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

const { list, object, oneOf, optional, record, wholeNumber } = json;

const number: json.JsonReader<number> = (value, path, faults) =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : json.number()(value, path, faults);
const count = wholeNumber(0);
const sum = object({ value: number, weight: number });

const diagnostics = object({ cosine: number, magnitudeRatio: number, conflicts: number });

const report = object({
  epoch: count,
  loss: number,
  losses: record(number),
  auxiliary: record(number),
  balancing: optional(object({ weights: optional(record(number)), gradients: optional(diagnostics) })),
  validation: optional(record(record(number))),
  learningRate: number,
  steps: count,
  seconds: number,
});

const stopper = object({
  best: optional(object({ epoch: count, value: number })),
  marks: list(number),
  first: list(number),
  waited: count,
});

const document = object({
  format: oneOf('polytask-checkpoint'),
  version: oneOf(FORMAT),
  identity: record(json.anything),
  random: record(count),
  state: object({
    epoch: wholeNumber(1),
    batch: count,
    step: count,
    totals: object({
      loss: sum,
      tasks: record(sum),
      auxiliary: record(sum),
      balancing: optional(object({ weights: record(sum), gradients: record(sum) })),
    }),
    learningRate: number,
    seconds: number,
    history: list(report),
    stopper: optional(stopper),
    balancer: optional(json.anything),
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
  const { value: content, faults } = json.read(document, value);
  if (faults.length > 0) {
    throw new PolytaskError(
      `${place} was changed after it was written: ${faults.slice(0, 5).join('; ')}. Copy it again.`,
    );
  }
  const { identity, random, state } = content;
  return { identity, random, state: { ...state, history: state.history as readonly EpochReport[] } as RunState };
}
