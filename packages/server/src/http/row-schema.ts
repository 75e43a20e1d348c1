import type { Feature, IdFeature, NumericFeature, Schema, Task } from '@polytask/core';

/** A JSON schema of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A larger vocabulary is described by its size alone. */
const MOST_LISTED = 1000;

const ONE_VALUE = ['string', 'number', 'boolean', 'null'];

/** The values that a feature takes. @param features all features: a vocabulary may be that of another one */
export function featureSchema(feature: Feature, features: Schema['features']): JsonSchema {
  switch (feature.kind) {
    case 'vector':
      return { type: 'array', items: { type: 'number' }, minItems: feature.width, maxItems: feature.width };
    case 'multi-valued': {
      const { values, separator, maxLength } = feature;
      const description = `Several values; those after the first ${maxLength} are ignored.`;
      return listSchema(valueSchema(values, features), separator, description);
    }
    case 'id-sequence': {
      const { values, separator, maxLength } = feature;
      const description = `Values, the oldest first; only the last ${maxLength} count.`;
      return listSchema(valueSchema(values, features), separator, description);
    }
    case 'side-column': {
      const description = `A value for each entry of ${feature.of}.`;
      return listSchema(valueSchema(feature.values, features), feature.separator, description);
    }
    default:
      return valueSchema(feature, features);
  }
}

const listSchema = (items: JsonSchema, separator: string, description: string): JsonSchema => ({
  description,
  anyOf: [
    { type: 'array', items },
    { type: ['string', 'null'], description: `The values with ${JSON.stringify(separator)} between them.` },
  ],
});

/** One number or category. Values outside of the vocabulary are no error. */
function valueSchema(feature: NumericFeature | IdFeature, features: Schema['features']): JsonSchema {
  if (feature.kind === 'numeric')
    return { type: ['number', 'boolean', 'null'], description: 'A finite number; null where it is missing.' };
  if (feature.kind === 'hashed') return { type: ONE_VALUE, description: 'Any text; null where it is missing.' };
  if (feature.kind === 'shared') return valueSchema(features[feature.with] as IdFeature, features);
  const { vocabulary } = feature;
  if (vocabulary.length === 0 || vocabulary.length > MOST_LISTED) {
    return {
      type: ONE_VALUE,
      description: `The model knows ${vocabulary.length} values. Others count as unknown; null where it is missing.`,
    };
  }
  return {
    anyOf: [
      { title: 'known', enum: [...new Set(vocabulary)] },
      { title: 'unknown or missing', type: ONE_VALUE },
    ],
  };
}

/** The prediction of a task. */
export function predictionSchema(task: Task): JsonSchema {
  switch (task.kind) {
    case 'binary':
      return { ...PROBABILITY, description: 'The probability of yes.' };
    case 'regression':
      return { type: 'number', description: "In the label's own unit." };
    case 'multiclass': {
      const classes = task.classes!;
      const probabilities = Object.fromEntries(classes.map((each) => [each, PROBABILITY]));
      return objectOf({
        class: { enum: classes, description: 'The likeliest class.' },
        probabilities: objectOf(probabilities),
      });
    }
  }
}

const PROBABILITY = { type: 'number', minimum: 0, maximum: 1 };

/** An object that has all of these keys. */
export const objectOf = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
