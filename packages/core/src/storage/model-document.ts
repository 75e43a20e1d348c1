import { PolytaskError } from '../errors/errors.ts';
import { readFeature } from '../features/schema.ts';
import { readTask } from '../tasks/read-task.ts';
import * as json from './json.ts';
import { FORMAT } from './save.ts';

const { number, object, oneOf, optional, record, text, wholeNumber } = json;

const specFields = object({ kind: text, name: text, config: json.anything });
const spec: json.JsonReader<Record<string, unknown>> = (value, path, faults) => {
  specFields(value, path, faults);
  return value as Record<string, unknown>; // with all that the component has
};

const document = object({
  format: oneOf('polytask-model'),
  version: wholeNumber(1),
  config: object({
    schema: object({ features: record(readFeature), tasks: record(readTask) }),
    network: spec,
    tower: optional(spec),
    selfAuxiliaries: optional(object({ tower: optional(spec), weight: number() })),
    rotations: optional(object({ size: optional(wholeNumber(1)) })),
    input: optional(spec),
    headStart: optional(oneOf('base-rate', 'random')),
    auxiliary: optional(record(number())),
    seed: wholeNumber(),
  }),
  packages: optional(record(text)),
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
  const { value: content, faults } = json.read(document, value);
  if (faults.length === 0) return content;
  throw new PolytaskError(`${what} was changed after it was written: ${faults.slice(0, 5).join('; ')}.`);
}
