import { PolytaskError } from '../errors/errors.ts';
import { readFeature } from '../features/schema.ts';
import * as json from './json.ts';
import { FORMAT } from './save.ts';

const { byKind, flag, list, number, object, oneOf, optional, record, text, wholeNumber } = json;

const positive = number('a number above 0', (value) => value > 0);
const share = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);

const common = { from: optional(text), weightFrom: optional(text), weight: optional(number()) };
const label = json.either('a text or a number', text, number());
const task = byKind({
  binary: object({
    kind: oneOf('binary'),
    ...common,
    positive: optional(json.either('a text, a number, or a list of them', label, list(label))),
    above: optional(number()),
    positiveWeight: optional(number()),
    fitted: optional(object({ rate: share })),
  }),
  multiclass: object({
    kind: oneOf('multiclass'),
    ...common,
    classes: optional(list(text)),
    fitted: optional(object({ shares: list(share) })),
  }),
  regression: object({
    kind: oneOf('regression'),
    ...common,
    loss: optional(oneOf('squared', 'absolute', 'huber')),
    scale: optional(oneOf('standard', 'none')),
    log: optional(flag),
    fitted: optional(object({ mean: number(), deviation: positive })),
  }),
});

const specFields = object({ kind: text, name: text, config: json.anything });
const spec: json.JsonReader<Record<string, unknown>> = (value, path, faults) => {
  specFields(value, path, faults);
  return value as Record<string, unknown>; // with all that the component has
};

const document = object({
  format: oneOf('polytask-model'),
  version: wholeNumber(1),
  config: object({
    schema: object({ features: record(readFeature), tasks: record(task) }),
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
