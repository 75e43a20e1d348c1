import * as tf from '@tensorflow/tfjs';
import { binary, multiclass, regression, type NamedTensor } from '@polytask/core';
import { beforeAll, expect, test } from 'vitest';
import type { ReferenceConfiguration } from './configuration.ts';
import { fromReference } from './from-reference.ts';
import { readCase } from './testing/cases.ts';

beforeAll(() => tf.setBackend('cpu'));

const { configuration, stateDict, input, logits } = readCase('adatt-sp');

test('the tasks have the names and kinds that they are given, in the order of the library', () => {
  const model = fromReference(configuration, stateDict, { tasks: { income: binary(), hours: regression() } });
  const x = [...input.data.slice(0, 4)];
  const { income, hours } = model.predict([{ x }]);
  expect(income[0]).toBeCloseTo(1 / (1 + Math.exp(-logits.data[0]!)), 6);
  expect(hours[0]).toBeCloseTo(logits.data[1]!, 6);
  model.dispose();
});

test('every tensor that is missing, extra, misshapen or of another type is listed, and nothing is kept', () => {
  const first = 'mtl_arch.experts.0.0.mlp_net.0.weight';
  const int: NamedTensor = { dtype: 'int32', shape: [3], data: new Int32Array(3) };
  const { 'task_modules.1.1.bias': _, ...rest } = stateDict;
  const wrong = {
    ...rest,
    [first]: { ...stateDict[first]!, shape: [4, 3] },
    'mtl_arch.experts.0.0.mlp_net.0.bias': int,
    'mtl_arch.experts.9.0.mlp_net.0.bias': stateDict['mtl_arch.experts.0.0.mlp_net.0.bias']!,
  };
  const before = tf.memory().numTensors;
  expect(() => fromReference(configuration, wrong)).toThrow(
    `The state dict doesn't fit its configuration: "${first}" is [4,3], not [3,4]; ` +
      '"mtl_arch.experts.0.0.mlp_net.0.bias" is int32, not float32; missing "task_modules.1.1.bias" [1]; ' +
      'unknown "mtl_arch.experts.9.0.mlp_net.0.bias". Give the configuration',
  );
  expect(tf.memory().numTensors).toBe(before);
});

test.each([
  { num_tasks: 65_536 },
  { num_tasks: 1e9 },
  { num_task_experts: 1e9 },
  { expert_out_dims: [[4], [1e9]] },
  { task_mlp: Array(400).fill(300) },
])('%j with a state dict of some numbers is refused before the memory is full', (fields) => {
  expect(() => fromReference({ ...base, ...fields }, stateDict)).toThrow(/at most (1,000|1,000,000),? /);
});

test.each([
  [{ one: binary() }, 'Expected 2 tasks of one logit each, received 1: one.'],
  [{ one: binary(), two: multiclass({ classes: ['a', 'b'] }) }, 'received multiclass two.'],
])('tasks %j are refused', (tasks, message) => {
  expect(() => fromReference(configuration, stateDict, { tasks })).toThrow(message);
});

const base: ReferenceConfiguration = {
  model: 'att_sp',
  input_dim: 3,
  num_tasks: 2,
  expert_out_dims: [[4], [2]],
  task_mlp: [3],
};

test.each<[Record<string, unknown>, string]>([
  [
    { num_experts: 3, expert_archs: [] },
    'received "num_experts". Known: "model", "input_dim", "num_tasks", "expert_out_dims", "num_task_experts", ' +
      '"num_shared_experts", "self_exp_res_connect", "gate_archs", "task_mlp", "activation", "name", "batch", "adam", "loss".',
  ],
  [{ model: 'attsp' }, 'Did you mean "att_sp"?'],
  [{ activation: 'TANH' }, '"RELU"'],
  [{ input_dim: 0 }, 'for configuration.input_dim'],
  [{ task_mlp: undefined }, 'for configuration.task_mlp'],
  [{ num_task_experts: [1, -1] }, 'num_task_experts[1]'],
  [{ adam: { steps: 3 } }, 'adam.learning_rate'],
  [{ name: 7 }, 'Expected a text for configuration.name, received 7.'],
  [{ expert_out_dims: [[4], []] }, 'with an IndexError'],
  [{ model: 'share_bottom', expert_out_dims: [[4], []] }, 'with an IndexError'],
  [{ expert_out_dims: [[], [4]] }, 'with an IndexError'],
  [{ model: 'ple', num_task_experts: [1, 2, 3] }, 'with a number for each of 2 tasks, received [1,2,3]'],
  [{ gate_archs: [[2], [2]] }, 'Expected no gate_archs for att_sp'],
  [{ model: 'mmoe', gate_archs: [[2]] }, 'a list for each of 2 levels'],
  [{ num_task_experts: [1, 2] }, 'att_g takes a list'],
  [{ num_task_experts: 0 }, 'nothing to stack'],
  [{ model: 'att_g', num_shared_experts: 0 }, 'With none shared, AdaTT is att_sp'],
  [{ model: 'att_g', num_task_experts: [0, 2] }, 'divides by the number of experts'],
  [{ model: 'att_g', num_task_experts: 0, num_shared_experts: 0, self_exp_res_connect: false }, 'nothing to stack'],
  [{ model: 'ple', num_shared_experts: 0 }, 'slice of the last 0 experts'],
  [{ model: 'ple', num_task_experts: 0 }, 'a list of zeros it can run'],
  [{ model: 'mmoe', num_shared_experts: 0 }, 'nothing to stack'],
])('a configuration with %j is refused', (fields, message) => {
  expect(() => fromReference({ ...base, ...fields } as ReferenceConfiguration, {})).toThrow(message);
});

test.each([null, [], 'att_sp'])('%j is no configuration', (value) => {
  expect(() => fromReference(value as unknown as ReferenceConfiguration, {})).toThrow(
    'Its options are model, input_dim',
  );
});

test('what an architecture never reads may be anything', () => {
  for (const model of ['mmoe', 'cross_st', 'share_bottom'] as const) {
    expect(() => fromReference({ ...base, model, num_task_experts: [1, 2, 3] }, {})).toThrow(
      'missing "task_modules.1.1.bias" [1]',
    );
  }
});

test('what may be left out is what the library has by default', () => {
  const given = {
    num_task_experts: 1,
    num_shared_experts: 1,
    self_exp_res_connect: true,
    gate_archs: null,
    activation: 'RELU',
  } as const;
  const names = (configuration: ReferenceConfiguration) => {
    try {
      return fromReference(configuration, {});
    } catch (error) {
      return (error as Error).message; // lists every tensor with its shape
    }
  };
  for (const model of ['att_sp', 'att_g', 'ple', 'mmoe', 'cross_st', 'share_bottom'] as const) {
    expect(names({ ...base, model })).toContain('missing "task_modules.1.1.bias" [1]');
    expect(names({ ...base, model })).toBe(names({ ...base, model, ...given }));
  }
});
