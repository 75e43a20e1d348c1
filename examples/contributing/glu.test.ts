import * as tf from '@tensorflow/tfjs';
import { createBank, ParameterStore } from '@polytask/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { glu } from './glu.ts';

it('is what CONTRIBUTING shows, word for word', async () => {
  const [page, file] = await Promise.all(
    ['../../CONTRIBUTING.md', 'glu.ts'].map((name) => readFile(join(import.meta.dirname, name), 'utf8')),
  );
  expect(page).toContain(`\`\`\`ts\n${file}\`\`\``);
});

it('is the value times the sigmoid of the gate, each member its own', () => {
  const store = new ParameterStore(7);
  const bank = createBank(store, { path: 'e', members: ['a.0', 'b.0'], experts: glu({ units: 1 }), inputDim: 1 });
  const numbers = {
    'value.kernel': [3, 2],
    'value.bias': [1, 0],
    'gate.kernel': [0, 0],
    'gate.bias': [Math.log(3), 0],
  };
  for (const [name, values] of Object.entries(numbers)) {
    const { variable } = store.get(`e.${name}`);
    variable.assign(tf.tensor(values, variable.shape));
  }
  const x = tf.tensor2d([[5]]);
  const [a, b] = bank.apply(x, { training: false, raw: x, addLoss: () => undefined }).dataSync();
  expect(a).toBeCloseTo((3 * 5 + 1) * 0.75, 5); // σ(log 3) = 3/4
  expect(b).toBeCloseTo(2 * 5 * 0.5, 5);
  expect(() => glu({ units: 0 })).toThrow('for glu.units, received 0');
});
