import { checks, fail, type Check, type Options } from '@polytask/core';

const { flag, listOf, number, oneOf, optional, shaped, wholeNumber } = checks;

/** The library's names of its architectures (`MtlConfigs.mtl_model`). */
export const MODELS = ['att_sp', 'att_g', 'ple', 'mmoe', 'cross_st', 'share_bottom'] as const;

/** Adam of a case: the steps over its one batch, each on all rows. */
export interface ReferenceAdam {
  readonly steps: number;
  readonly learning_rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * A model of the authors' library, in the library's own words: the arguments of `MtlConfigs`, `ArchInputs` and
 * `CentralTaskArch` as JSON. What may be left out has the library's default.
 */
export interface ReferenceConfiguration {
  /** AdaTT-sp, AdaTT, PLE (CGC with one level), MMoE, cross-stitch, shared-bottom. */
  readonly model: (typeof MODELS)[number];
  /** Width of the input. */
  readonly input_dim: number;
  readonly num_tasks: number;
  /** For each level the widths of an expert's layers. */
  readonly expert_out_dims: readonly (readonly number[])[];
  /**
   * Experts a task at each level: one number, or one for each task (`att_g`: `num_task_expert_list` of its class; `ple`).
   * Not read by the other architectures. Default 1.
   */
  readonly num_task_experts?: number | readonly number[];
  /** Experts of the shared unit (`att_g`, `ple`), or of the pool (`mmoe`). Default 1. */
  readonly num_shared_experts?: number;
  /** AdaTT's residual. Default true. */
  readonly self_exp_res_connect?: boolean;
  /** For each level the widths of its gates' hidden layers; `MLMMoE` alone has them. Default none. */
  readonly gate_archs?: readonly (readonly number[])[] | null;
  /** Widths of a task's tower. With [], which the library itself stops at, the heads read the network's output. */
  readonly task_mlp: readonly number[];
  /** Default RELU, the only one that the library has. */
  readonly activation?: 'RELU';
  /** How the case is called. Like the next three it says how a case was made and changes no model. */
  readonly name?: string;
  /** Rows of the case. */
  readonly batch?: number;
  readonly adam?: ReferenceAdam;
  /** The loss in words. */
  readonly loss?: string;
}

const text: Check = (value, where) => {
  if (typeof value !== 'string') {
    fail({
      expected: `a text for ${where}`,
      received: JSON.stringify(value) ?? 'undefined',
      mend: 'Put it in quotes, or leave it out.',
    });
  }
};
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
  name: optional(text),
  batch: optional(wholeNumber(1)),
  adam: optional(shaped(adam)),
  loss: optional(text),
};

/**
 * Throws unless the value is a configuration, each field being of its kind. What the fields mean together is seen when
 * it is used.
 *
 * @throws PolytaskError that lists the unknown fields and those that are known, or says which value doesn't fit
 */
export function checkConfiguration(value: unknown): asserts value is ReferenceConfiguration {
  const known = Object.keys(FIELDS);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail({
      expected: 'a reference configuration, an object',
      received: Array.isArray(value) ? 'a list' : String(value),
      mend: `Its fields are ${known.join(', ')}.`,
    });
  }
  const unknown = Object.keys(value).filter((field) => !known.includes(field));
  if (unknown.length > 0) {
    fail({
      expected: 'the fields of a reference configuration',
      received: unknown.map((field) => `"${field}"`).join(', '),
      mend: `Known are ${known.join(', ')}.`,
    });
  }
  for (const [field, check] of Object.entries<Check>(FIELDS)) {
    check((value as Record<string, unknown>)[field], `the configuration's ${field}`);
  }
}
