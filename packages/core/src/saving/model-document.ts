import {
  anything,
  component,
  listOf,
  number,
  oneOf,
  optional,
  PolytaskError,
  readDocument,
  record,
  shaped,
  string,
  wholeNumber,
} from '@polytask/components';
import { FORMAT } from './save.ts';

const document = shaped({
  format: oneOf('polytask-model'),
  version: wholeNumber(1),
  config: shaped({
    schema: shaped({ features: record(anything), tasks: record(anything), context: optional(listOf(string)) }),
    network: component('network'),
    tower: optional(component('expert')),
    selfAuxiliaries: optional(shaped({ tower: optional(component('expert')), weight: number() })),
    rotations: optional(shaped({ size: optional(wholeNumber(1)) })),
    input: optional(component('input')),
    headStart: optional(oneOf('base-rate', 'random')),
    members: optional(wholeNumber(1)),
    auxiliary: optional(record(number())),
    seed: wholeNumber(-Infinity),
  }),
  packages: optional(record(string)),
  random: record(wholeNumber(0)),
});

export type ModelDocument = ReturnType<typeof document>;

/** Checks the content of `model.json` before a model is built from it. */
export function checkModelDocument(value: unknown, what: string): ModelDocument {
  const { format, version } = value as { format?: unknown; version?: unknown };
  if (format !== 'polytask-model') {
    throw new PolytaskError(`${what} is not a Polytask model: its format is ${JSON.stringify(format)}.`);
  }
  if (typeof version === 'number' && version > FORMAT) {
    throw new PolytaskError(
      `${what} has format version ${version}, this version of Polytask reads up to ${FORMAT}. Update it.`,
    );
  }
  return readDocument(document, value, what);
}
