import {
  checks,
  type ModelDeclaration,
  type NetworkSize,
  type NetworkVariant,
  type Options,
  type Task,
} from '@polytask/core';
import { count } from '../checks.ts';
import type { NamedEntry } from '../named-entry.ts';

/** How large the models of a suite are. Each model of the registry turns it into an architecture. */
export interface ModelSize {
  /** Width of the experts, level by level. */
  readonly levels: readonly number[];
  /** Experts a level in all, tasks' own and shared ones, of the models that have a choice. */
  readonly experts: number;
  /** Widths of a task's tower. */
  readonly tower: readonly number[];
  /** Width of a categorical field's vector. */
  readonly embedding: number;
  /** How that vector starts, as core's `embed` has it. Default: `small`. */
  readonly start?: 'small' | 'pytorch';
  /** Members that share weights (TabM), as core's model has them. Default: 1. */
  readonly members?: number;
}

const { optional, listOf, oneOf } = checks;

/** The checks of a size, for core's `readOptions`. */
export const sizeOptions: Options<Partial<ModelSize>> = {
  levels: optional(listOf(count, 1)),
  experts: optional(count),
  tower: optional(listOf(count, 1)),
  embedding: optional(count),
  start: optional(oneOf('small', 'pytorch')),
  members: optional(count),
};

/** The parts of a model's declaration that make the architecture. */
export type ModelParts = Pick<ModelDeclaration, 'network' | 'tower' | 'input' | 'selfAuxiliaries' | 'members'>;

/** The parts of an architecture that a comparison exchanges: `--experts` and `--gates`. */
export type ExchangedParts = Partial<Pick<NetworkSize, 'expert' | 'gate'>>;

/** The further parts of a registered model. */
export type BuildOptions = ExchangedParts & Pick<NetworkSize, 'contexts'>;

/** A model of the registry, which `--models` names. */
export interface RegisteredModel
  extends NamedEntry, Pick<NetworkVariant<unknown>, 'useWhen' | 'onlyNamed' | 'needsContext'> {
  readonly paper?: string;
  /** How many times the suite's learning rate it is trained with. Default 1. */
  readonly rate?: number;
  /** Only of a model that brings its training: which tasks it can train on. Balancers and searches of learning rates leave it out. */
  readonly trainsItself?: (task: Task) => boolean;
  /**
   * Builds the model's declaration at a size.
   *
   * @param options the expert and the gate that a comparison chose, and the names of the schema's contexts. A model may leave them out
   * @throws PolytaskError when the size doesn't fit these tasks, or the schema has no context that the model needs
   */
  build(size: ModelSize, tasks: readonly string[], options?: BuildOptions): ModelParts;
}

/** Whether a value is a registered model rather than a name or a suite's entry. A JSON document can't hold one. */
export const isRegisteredModel = (value: unknown): value is RegisteredModel =>
  typeof value === 'object' && value !== null && 'build' in value && typeof value.build === 'function';
