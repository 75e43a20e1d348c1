import {
  custom,
  either,
  flag,
  listOf,
  number,
  oneOf,
  optional,
  positive,
  readOptions,
  shaped,
  string,
  wholeNumber,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';

/** The library's names of its architectures (`MtlConfigs.mtl_model`). */
export const MODELS = ['att_sp', 'att_g', 'ple', 'mmoe', 'cross_st', 'share_bottom'] as const;

const widths = (least: number) => listOf(wholeNumber(1), least);
const decay = number({ from: 0, below: 1 });

const adam = { steps: wholeNumber(1), learning_rate: positive, beta1: decay, beta2: decay, epsilon: positive };

const fields = {
  /** AdaTT-sp, AdaTT, PLE (CGC with one level), MMoE, cross-stitch, shared-bottom. */
  model: oneOf(...MODELS),
  /** Width of the input. */
  input_dim: wholeNumber(1),
  num_tasks: wholeNumber(1),
  /** The widths of an expert's layers, [level][layer]. */
  expert_out_dims: listOf(widths(0), 1),
  /**
   * Experts of each task at each level: one number, or with `att_g` and `ple` one for each task. `mmoe`, `cross_st` and
   * `share_bottom` ignore it.
   */
  num_task_experts: optional(either(wholeNumber(), listOf(wholeNumber(), 1)), 1),
  /** Experts of the shared unit (`att_g`, `ple`), or of the pool (`mmoe`). */
  num_shared_experts: optional(wholeNumber(), 1),
  /** AdaTT's residual. */
  self_exp_res_connect: optional(flag, true),
  /** The widths of the gates' hidden layers, [level][layer]. Only `mmoe` has hidden layers. */
  gate_archs: optional(
    custom<readonly (readonly number[])[] | null>((value, where) =>
      value === null ? null : listOf(widths(0)).read(value, where),
    ),
  ),
  /** Widths of a task's tower. With [], the heads read the network's output. The library itself can't run []. */
  task_mlp: widths(0),
  /** The library has only RELU. */
  activation: optional(oneOf('RELU')),
  /** Name of the reference case. `name`, `batch`, `adam` and `loss` describe the case and don't change the model. */
  name: optional(string),
  /** Rows of the case. */
  batch: optional(wholeNumber(1)),
  adam: optional(shaped(adam)),
  /** Description of the loss. */
  loss: optional(string),
};

/** Adam of a reference case. Every step is on all rows of the case. */
export interface ReferenceAdam extends Written<typeof adam>, FromDescription {}

/**
 * A model of the authors' library: the arguments of `MtlConfigs`, `ArchInputs` and `CentralTaskArch` as JSON. Optional fields
 * have the library's defaults.
 */
export interface ReferenceConfiguration extends Written<typeof fields>, FromDescription {}

/** A configuration with the library's defaults. */
export type FilledConfiguration = Read<typeof fields>;

/** Reads the fields of a configuration, with defaults. @throws PolytaskError as {@link checkConfiguration} does */
export const filled = (value: unknown): FilledConfiguration => readOptions(value, fields, 'configuration');

/**
 * Checks the type of each field of a configuration. `fromReference` checks whether the fields fit together.
 *
 * @throws PolytaskError that names an unknown field, or the value of a wrong type
 * @example
 * const configuration: unknown = JSON.parse(text);
 * checkConfiguration(configuration); // configuration is a ReferenceConfiguration from here on
 */
export function checkConfiguration(value: unknown): asserts value is ReferenceConfiguration {
  filled(value);
}
