import { mlp } from '@polytask/experts';
import { gradientsOf, logitsOf, tinyModel } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { learnedBranching } from './learned-branching.ts';
import { relationshipNetwork } from './relationship-network.ts';

const experts = mlp([6, 5]); // of two layers: the second one multiplies a bank by a bank

it.each([
  relationshipNetwork({ levels: [{ experts }] }),
  relationshipNetwork({ shared: [{ experts }], levels: [{ experts }, { experts }] }),
  learnedBranching({ levels: [{ experts, nodes: 1 }] }),
])('a single task trains and predicts on the wasm backend as on cpu: $name', async (network) => {
  const numbers: Record<string, number[]>[] = [];
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const model = tinyModel(network, { tasks: ['a'] });
    const gradients = gradientsOf(model);
    numbers.push({ ...gradients, logits: logitsOf(model, 5)['a']!.flat() });
    model.dispose();
  }
  const [cpu, wasm] = numbers as [Record<string, number[]>, Record<string, number[]>];
  for (const [name, values] of Object.entries(cpu))
    values.forEach((value, i) => expect(wasm[name]![i], name).toBeCloseTo(value, 4));
});
