import { binary, multiclass, regression } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { categorical, multiValued, numeric, vector } from './kinds.ts';
import { needsOf } from './declaration.ts';

describe('needsOf', () => {
  it('names every column once in each form', () => {
    const needs = needsOf({
      features: {
        age: numeric(),
        age_group: categorical({ from: 'age' }),
        log_age: numeric({ from: 'age', log: true }),
        tags: multiValued({ from: 'tag_list', separator: ',' }),
        x: vector({ columns: ['x0', 'age'] }),
        e: vector({ width: 4 }),
      },
      tasks: { click: binary(), stars: multiclass({ from: 'rating', weightFrom: 'importance' }), hours: regression() },
      keep: ['user', 'click'],
    });
    expect(needs.map(({ kind, key, column }) => `${kind} ${key}<${column}`)).toEqual([
      'numbers age<age',
      'texts age<age',
      'lists tags<tag_list',
      'numbers x0<x0',
      'vectors e<e',
      'texts click<click',
      'texts rating<rating',
      'numbers importance<importance',
      'numbers hours<hours',
      'texts user<user',
    ]);
  });

  it('refuses a label among the inputs, directly or in a vector', () => {
    const tasks = { never_married: binary({ from: 'marital' }) };
    expect(() => needsOf({ features: { status: categorical({ from: 'marital' }) }, tasks })).toThrow(
      'Expected the label of task "never_married" not to be an input, received column "marital" as the label and as ' +
        'feature "status". Take "status" out of the features.',
    );
    expect(() => needsOf({ features: { x: vector({ columns: ['a', 'marital'] }) }, tasks })).toThrow(/feature "x"/);
  });

  it('refuses no features', () => {
    expect(() => needsOf({ features: {}, tasks: {} })).toThrow(/at least one feature/);
  });
});
