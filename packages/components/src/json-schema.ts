import type { Described, Filled, NumberRange, Option } from './options.ts';

/** A JSON Schema (draft 2020-12) as plain JSON. */
export interface JsonSchema {
  readonly [key: string]: unknown;
}

/**
 * The JSON Schema of an object with these options. A component is a reference to `#/$defs/KIND`, so that specs may nest.
 *
 * @param texts the description of an option, by its name
 * @example jsonSchema({ units: wholeNumber(1) }).required // ['units']
 */
export function jsonSchema(options: Described, texts: Readonly<Record<string, string>> = {}, path = ''): JsonSchema {
  const entries = Object.entries(options) as [string, Option & Partial<Filled>][];
  const properties = entries.map(([key, option]) => {
    const { fallback } = option;
    const name = `${path}${key}`;
    const description = texts[name];
    const schema = {
      ...schemaOf(option, texts, name),
      ...(description !== undefined && { description }),
      ...(fallback !== undefined && typeof fallback !== 'function' && { default: fallback }),
    };
    return [key, schema];
  });
  const required = entries.flatMap(([key, { optional }]) => (optional ? [] : [key]));
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonSchema,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function schemaOf({ shape = {} }: Option, texts: Readonly<Record<string, string>>, name: string): JsonSchema {
  const { number, text, flag, choice, list, record, object, either, component, definition = component } = shape;
  if (number) return numberSchema(number);
  if (text) return { type: 'string', ...(text === 'name' && { minLength: 1 }) };
  if (flag) return { type: 'boolean' };
  if (choice) return { enum: choice };
  if (list) {
    const items = schemaOf(list.of, texts, `${name}[]`);
    return { type: 'array', items, ...(list.least > 0 && { minItems: list.least }) };
  }
  if (record) return { type: 'object', additionalProperties: schemaOf(record, texts, `${name}.*`) };
  if (object) return jsonSchema(object, texts, `${name}.`);
  if (either) return { anyOf: either.map((each) => schemaOf(each, texts, name)) };
  return definition === undefined ? {} : { $ref: `#/$defs/${definition}` };
}

const numberSchema = ({ whole, above, from, below, to }: NumberRange): JsonSchema => ({
  type: whole ? 'integer' : 'number',
  ...(above !== undefined && { exclusiveMinimum: above }),
  ...(from !== undefined && { minimum: from }),
  ...(below !== undefined && { exclusiveMaximum: below }),
  ...(to !== undefined && { maximum: to }),
});
