import { adatt } from '@polytask/adatt';
import { binary, multiclass, multiTaskModel, regression, type Row, type Schema } from '@polytask/core';
import { mlp } from '@polytask/experts';

const tasks = {
  rich: binary(),
  marital: multiclass({ classes: ['never', 'now', 'before'] }),
  hours: { ...regression(), fitted: { mean: 40, deviation: 12 } },
};

export const peopleSchema: Schema<typeof tasks> = {
  features: {
    age: { kind: 'numeric', mean: 40, deviation: 12, indicator: true },
    state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] },
    street: { kind: 'hashed', buckets: 7 },
    hobbies: {
      kind: 'multi-valued',
      values: { kind: 'categorical', vocabulary: ['chess', 'golf'] },
      separator: '|',
      maxLength: 3,
      pooling: 'mean',
    },
  },
  tasks,
};

export const people: readonly Row[] = [
  { age: 31, state: 'Utah', street: 'Elm', hobbies: 'chess|golf' },
  { age: null, state: 'Mars', street: null, hobbies: null },
  { age: 64, state: null, street: 'Oak', hobbies: 'golf' },
];

export function peopleModel(seed = 5) {
  const network = adatt({ levels: [{ experts: mlp([8]), perTask: 1, shared: 1 }] });
  return multiTaskModel({ schema: peopleSchema, network, tower: mlp([4]), seed });
}
