import { type JsonSchema, aboutOf, recordOf } from '@polytask/components';
import {
  decisionsOf,
  labelOf,
  predictionTypeOf,
  unitOf,
  featureKind,
  formOf,
  type Decision,
  type IdForm,
  type IdsForm,
  type Schema,
  type Task,
  type Tasks,
} from '@polytask/core';

const MOST_LISTED = 1000;

const ONE_VALUE = ['string', 'number', 'boolean', 'null'];

/** A row: a value for each feature, except for those that read the values of others. */
export function rowSchema(features: Schema['features']): JsonSchema {
  const hasOwn = (name: string) => formOf(features[name]!, name, features).reads?.includes(name) ?? true;
  return objectOf(recordOf(Object.keys(features).filter(hasOwn), (name) => featureSchema(name, features)));
}

function featureSchema(name: string, features: Schema['features']): JsonSchema {
  const feature = features[name]!;
  const form = formOf(feature, name, features);
  const { cell } = featureKind(feature.kind);
  const { description } = aboutOf('feature', feature.kind);
  if (cell === 'number') return NUMBER;
  if (cell === 'text') return { type: ['string', 'null'], ...(description && { description }) };
  switch (form.type) {
    case 'numbers':
      if (form.scale) return NUMBER;
      return { type: 'array', items: { type: 'number' }, minItems: form.width, maxItems: form.width };
    case 'id':
      return idSchema(form.codes, features);
    case 'ids': {
      const description = form.of === undefined ? lengthOf(form) : `A value for each entry of ${form.of}.`;
      return listSchema(idSchema(form.codes, features), form.separator, description);
    }
    case 'entry-numbers':
      return listSchema(NUMBER, form.separator, `A value for each entry of ${form.of}.`);
  }
}

const lengthOf = ({ ordered, width }: IdsForm): string =>
  ordered
    ? `Values, the oldest first; only the last ${width} count.`
    : `Several values; those after the first ${width} are ignored.`;

const listSchema = (items: JsonSchema, separator: string, description: string): JsonSchema => ({
  description,
  anyOf: [
    { type: 'array', items },
    { type: ['string', 'null'], description: `The values with ${JSON.stringify(separator)} between them.` },
  ],
});

const NUMBER = { type: ['number', 'null'], description: 'A finite number; null where it is missing.' };

/** One category. Values outside of the vocabulary are no error. */
function idSchema(codes: IdForm['codes'], features: Schema['features']): JsonSchema {
  if ('with' in codes) return idSchema((formOf(features[codes.with]!, codes.with, features) as IdForm).codes, features);
  const { known } = codes;
  if (!known) return { type: ONE_VALUE, description: 'Any text; null where it is missing.' };
  if (known.length === 0 || known.length > MOST_LISTED) {
    return {
      type: ONE_VALUE,
      description: `The model knows ${known.length} values. Others count as unknown; null where it is missing.`,
    };
  }
  return {
    anyOf: [
      { title: 'known', enum: [...new Set(known)] },
      { title: 'unknown or missing', type: ONE_VALUE },
    ],
  };
}

export function predictionSchema(task: Task): JsonSchema {
  const { isExclusive, isProbability, names, number } = predictionTypeOf(task);
  const { minimum, maximum } = isProbability ? SHARE : names.length === 0 ? unitOf(labelOf(task)) : {};
  const range = { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
  const one = { type: 'number', ...range, description: number };
  if (names.length === 0) return one;
  const all = objectOf(Object.fromEntries(names.map((name) => [name, one])));
  if (!isExclusive) return all;
  return objectOf({ class: { enum: names, description: 'The likeliest class.' }, probabilities: all });
}

const SHARE = { minimum: 0, maximum: 1 };

export const decisionSchemas = (tasks: Tasks): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    Object.entries(tasks).flatMap(([task, declared]) =>
      decisionsOf(declared).map(({ name, names = [] }) => [`${task}.${name}`, DECISIONS[name](names)]),
    ),
  );

const DECISIONS: Readonly<Record<Decision['name'], (names: readonly string[]) => JsonSchema>> = {
  low: () => ({ type: 'number', description: "The low end of the interval, in the label's own unit." }),
  high: () => ({ type: 'number', description: "The high end of the interval, in the label's own unit." }),
  set: (names) => ({
    ...{ type: 'array', items: { enum: names }, minItems: 1 },
    description: 'The classes that are likely enough.',
  }),
  decision: (names) => ({ enum: names, description: 'Whether the probability reaches the threshold.' }),
};

type Properties = Readonly<Record<string, JsonSchema>>;

/** An object that has all of these keys. @param more keys that may be absent */
export const objectOf = (properties: Properties, more: Properties = {}): JsonSchema => ({
  type: 'object',
  properties: { ...properties, ...more },
  required: Object.keys(properties),
});

const EXPLAINED = { type: 'number' };
const byName = (description: string): JsonSchema => ({ type: 'object', additionalProperties: EXPLAINED, description });

/** The explanation of a task's prediction for a row, as `explainRows` of core gives it. */
export const EXPLANATION: JsonSchema = objectOf({
  scale: { type: 'string', description: 'What value, base and contributions are, such as log-odds.' },
  outputs: {
    type: 'array',
    items: objectOf(
      {
        ...{ prediction: EXPLAINED, value: EXPLAINED, base: EXPLAINED },
        contributions: byName('By feature. Their sum with the base is the value.'),
      },
      {
        name: { type: 'string', description: 'The class, label or quantile.' },
        errors: byName('The standard errors of the contributions, if orders of features were sampled.'),
        experts: objectOf({ gates: EXPLAINED, units: byName('By unit of the last level.') }),
      },
    ),
  },
});
