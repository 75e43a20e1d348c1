import { expect, it } from 'vitest';
import {
  component,
  custom,
  either,
  flag,
  listOf,
  number,
  oneOf,
  optional,
  record,
  shaped,
  text,
  wholeNumber,
} from './checks.ts';
import { jsonSchema } from './json-schema.ts';

it('has a schema for each form of an option', () => {
  const options = {
    units: listOf(wholeNumber(1), 1),
    rate: optional(number({ from: 0, below: 1 }), 0.5),
    name: text,
    norm: optional(oneOf('layer', 'none')),
    bias: optional(flag, ({ norm }) => norm !== 'none'),
    perTask: optional(either(wholeNumber(), record(wholeNumber()))),
    levels: optional(listOf(shaped({ experts: component('expert') }))),
    own: optional(custom(() => {})),
  };
  expect(jsonSchema(options, { rate: 'The rate.', 'levels[].experts': 'The experts.' })).toEqual({
    type: 'object',
    properties: {
      units: { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1 },
      rate: { type: 'number', minimum: 0, exclusiveMaximum: 1, description: 'The rate.', default: 0.5 },
      name: { type: 'string', minLength: 1 },
      norm: { enum: ['layer', 'none'] },
      bias: { type: 'boolean' },
      perTask: {
        anyOf: [
          { type: 'integer', minimum: 0 },
          { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
        ],
      },
      levels: {
        type: 'array',
        items: {
          type: 'object',
          properties: { experts: { $ref: '#/$defs/expert', description: 'The experts.' } },
          required: ['experts'],
          additionalProperties: false,
        },
      },
      own: {},
    },
    required: ['units', 'name'],
    additionalProperties: false,
  });
});
