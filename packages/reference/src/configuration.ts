import { checks, fail, type Check, type Options } from '@polytask/core';

const { flag, listOf, number, oneOf, optional, shaped, string, wholeNumber } = checks;

/** The library's names of its architectures (`MtlConfigs.mtl_model`). */
export const MODELS = ['att_sp', 'att_g', 'ple', 'mmoe', 'cross_st', 'share_bottom'] as const;

/** Adam of a reference case. Every step is on all rows of the case. */
export interface ReferenceAdam {
  readonly steps: number;
  readonly learning_rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * A model of the authors' library: the arguments of `MtlConfigs`, `ArchInputs` and `CentralTaskArch` as JSON. Optional fields
 * have the library's defaults.
 */
export interface ReferenceConfiguration {
  /** AdaTT-sp, AdaTT, PLE (CGC with one level), MMoE, cross-stitch, shared-bottom. */
  readonly model: (typeof MODELS)[number];
  /** Width of the input. */
  readonly input_dim: number;
  readonly num_tasks: number;
  /** The widths of an expert's layers, [level][layer]. */
  readonly expert_out_dims: readonly (readonly number[])[];
  /**
   * Experts of each task at each level: one number, or with `att_g` and `ple` one for each task. `mmoe`, `cross_st` and
   * `share_bottom` ignore it. Default 1.
   */
  readonly num_task_experts?: number | readonly number[];
  /** Experts of the shared unit (`att_g`, `ple`), or of the pool (`mmoe`). Default 1. */
  readonly num_shared_experts?: number;
  /** AdaTT's residual. Default true. */
  readonly self_exp_res_connect?: boolean;
  /** The widths of the gates' hidden layers, [level][layer]. Only `mmoe` has hidden layers. Default: none. */
  readonly gate_archs?: readonly (readonly number[])[] | null;
  /** Widths of a task's tower. With [], the heads read the network's output. The library itself can't run []. */
  readonly task_mlp: readonly number[];
  /** The library has only RELU. */
  readonly activation?: 'RELU';
  /** Name of the reference case. `name`, `batch`, `adam` and `loss` describe the case and don't change the model. */
  readonly name?: string;
  /** Rows of the case. */
  readonly batch?: number;
  readonly adam?: ReferenceAdam;
  /** Description of the loss. */
  readonly loss?: string;
}

const widths = (least: number) => listOf(wholeNumber(1), least);
const counts: Check = (value, where) =>
  (Array.isArray(value) ? listOf(wholeNumber(0), 1) : wholeNumber(0))(value, where);
const share = number('a number in [0, 1)', (value) => value >= 0 && value < 1);
const positive = number('a number above 0', (value) => value > 0);
const nullable =
  (check: Check): Check =>
  (value, where) => {
    if (value !== null) optional(check)(value, where);
  };

const adam: Options<ReferenceAdam> = {
  steps: wholeNumber(1),
  learning_rate: positive,
  beta1: share,
  beta2: share,
  epsilon: positive,
};

const FIELDS: Options<ReferenceConfiguration> = {
  model: oneOf(...MODELS),
  input_dim: wholeNumber(1),
  num_tasks: wholeNumber(1),
  expert_out_dims: listOf(widths(0), 1),
  num_task_experts: optional(counts),
  num_shared_experts: optional(wholeNumber(0)),
  self_exp_res_connect: optional(flag),
  gate_archs: nullable(listOf(widths(0))),
  task_mlp: widths(0),
  activation: optional(oneOf('RELU')),
  name: optional(string),
  batch: optional(wholeNumber(1)),
  adam: optional(shaped(adam)),
  loss: optional(string),
};

/**
 * Checks the type of each field of a configuration. `fromReference` checks whether the fields fit together.
 *
 * @throws PolytaskError that lists the unknown fields, or names the value of a wrong type
 * @example
 * const configuration: unknown = JSON.parse(text);
 * checkConfiguration(configuration); // configuration is a ReferenceConfiguration from here on
 */
export function checkConfiguration(value: unknown): asserts value is ReferenceConfiguration {
  const fields = Object.keys(FIELDS);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail({
      expected: 'a reference configuration, an object',
      received: Array.isArray(value) ? 'a list' : String(value),
      fix: `Its fields are ${fields.join(', ')}.`,
    });
  }
  const unknown = Object.keys(value).filter((field) => !fields.includes(field));
  if (unknown.length > 0) {
    fail({
      expected: 'the fields of a reference configuration',
      received: unknown.map((field) => `"${field}"`).join(', '),
      fix: `Known are ${fields.join(', ')}.`,
    });
  }
  for (const [field, check] of Object.entries<Check>(FIELDS)) {
    check((value as Record<string, unknown>)[field], `the configuration's ${field}`);
  }
}
