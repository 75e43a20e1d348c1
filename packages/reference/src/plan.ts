import { sum } from '@polytask/components';
import { fail, type NamedTensor } from '@polytask/core';
import { checkCounts } from '@polytask/core/internal';
import { filled, type FilledConfiguration, type ReferenceConfiguration } from './configuration.ts';
import type { NamedTensors } from './pairing.ts';

/** Counts of tasks and experts, and widths, up to this one are planned, however little the state dict has. */
const HARMLESS = 1000;

/** A configuration with defaults, checked as far as all architectures have the same rules. */
export type Plan = ReturnType<typeof planOf>;

/**
 * @param tensors the state dict. Default: any
 * @throws PolytaskError as `checkConfiguration` does, and when the fields don't fit together
 * @throws PolytaskError for more tasks or experts than the state dict has tensors, and for a width above its numbers
 */
export function planOf(given: ReferenceConfiguration, tensors?: NamedTensors) {
  const configuration = filled(given);
  if (tensors) checkSize(configuration, Object.values(tensors));
  const {
    model,
    input_dim: inputDim,
    num_tasks: tasks,
    expert_out_dims: dims,
    num_task_experts: taskExperts,
    num_shared_experts: shared,
    self_exp_res_connect: residual,
    gate_archs: hidden,
    task_mlp: tower,
  } = configuration;
  // A shared bottom is one MLP of all widths. The other architectures have experts at every level.
  const levels = model === 'share_bottom' ? dims.filter((level) => level.length > 0) : dims;
  if (levels.some((level) => level.length === 0) || dims.at(-1)!.length === 0) {
    fail({
      expected: 'expert_out_dims with a width or more at each level',
      received: JSON.stringify(dims),
      fix: 'Leave the empty levels out: the library stops with an IndexError at them.',
    });
  }
  /** The library has separate code for a list. */
  const listed = typeof taskExperts !== 'number';
  const perTask = listed ? taskExperts : Array.from({ length: tasks }, () => taskExperts);
  if (['att_sp', 'att_g', 'ple'].includes(model) && perTask.length !== tasks) {
    fail({
      expected: `num_task_experts with a number for each of ${tasks} tasks`,
      received: JSON.stringify(taskExperts),
      fix: 'Give one number for all, or a list as long as num_tasks.',
    });
  }
  if (hidden && (model !== 'mmoe' || hidden.length !== levels.length)) {
    const isMmoe = model === 'mmoe';
    fail({
      expected: isMmoe ? `gate_archs with a list for each of ${levels.length} levels` : `no gate_archs for ${model}`,
      received: JSON.stringify(hidden),
      fix: "Only the library's MLMMoE has gates with hidden layers, and takes their widths level by level.",
    });
  }
  const gates: readonly (readonly number[])[] = hidden ?? levels.map(() => []);
  return { model, inputDim, tasks, levels, perTask, listed, shared, residual, gates, tower };
}

export function impossible(plan: Plan, expected: string, received: string, why: string): never {
  return fail({
    expected: `${expected} for ${plan.model}`,
    received,
    fix: `The library can't run such a model: ${why}.`,
  });
}

export const widthsIn = ({ inputDim, levels }: Plan): number[] => [inputDim, ...levels.map((level) => level.at(-1)!)];

/** The number of experts of each task, or one number if it is the same for all tasks. */
export const perTaskOf = ({ perTask }: Pick<Plan, 'perTask'>): number | readonly number[] =>
  perTask.every((count) => count === perTask[0]) ? perTask[0]! : perTask;

/** Tasks and experts have tensors of their own in a state dict, and a width has a number or more for each unit. */
function checkSize(configuration: FilledConfiguration, tensors: readonly NamedTensor[]): void {
  const { num_tasks, num_task_experts, num_shared_experts, input_dim, expert_out_dims, gate_archs, task_mlp } =
    configuration;
  const numbers = sum(tensors, ({ data }) => data.length);
  checkCounts({ num_tasks, num_task_experts, num_shared_experts }, tensors.length, {
    unit: 'tensors',
    harmless: HARMLESS,
  });
  checkCounts({ input_dim, expert_out_dims, gate_archs, task_mlp }, numbers, { harmless: HARMLESS });
}
