import { readFile } from 'node:fs/promises';
import { binary, readSafetensors } from '@polytask/core';
import { fromReference } from '@polytask/reference';

const { tensors } = readSafetensors(await readFile('checkpoint.safetensors'));
const levels = { expert_out_dims: [[4], [3]], num_task_experts: [1, 2], num_shared_experts: 2 };
const configuration = { model: 'att_g', input_dim: 4, num_tasks: 2, ...levels, task_mlp: [3, 2] } as const;
const model = fromReference(configuration, tensors, { tasks: { click: binary(), like: binary() } });
const { click, like } = model.predict([{ x: [0.3, -1.2, 0.8, 0.1] }]);
console.log(`click ${click[0]!.toFixed(4)}, like ${like[0]!.toFixed(4)}`);
