import { adatt } from '@polytask/adatt';
import { binary, embed, multiTaskModel, type Schema } from '@polytask/core';
import { mlp } from '@polytask/experts';

export const smallSchema = {
  features: {
    age: { kind: 'numeric', mean: 40, deviation: 10 },
    job: { kind: 'categorical', vocabulary: ['cook', 'clerk'] },
  },
  tasks: { income: binary(), age: binary() },
} satisfies Schema;

export const smallRows = [
  { age: 31, job: 'cook' },
  { age: 55, job: 'pilot' },
  { age: null, job: null },
];

export function smallModel(seed = 1) {
  const network = adatt({ levels: [{ experts: mlp([4]), perTask: 1, shared: 1 }] });
  return multiTaskModel({ schema: smallSchema, network, input: embed({ dimension: 3 }), seed });
}
