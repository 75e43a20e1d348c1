import {
  anything,
  readOptions,
  component,
  listOf,
  notNegative,
  oneOf,
  optional,
  positive,
  record,
  shaped,
  string,
  wholeNumber,
  type Options,
} from '@polytask/components';
import type { Schema } from '../features/schema.ts';
import type { ExpertSpec } from '../fusion/expert.ts';
import type { NetworkSpec } from '../fusion/network.ts';
import { embed } from '../inputs/embed.ts';
import type { InputSpec } from '../inputs/input.ts';
import { checkLoss } from '../tasks/losses/loss.ts';
import { checkTasks } from '../tasks/check-tasks.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { rotationsOptions, type RotationsOptions } from './rotations.ts';
import type { HeadStart, SelfAuxiliaries } from './heads.ts';

/** The declaration of a model, as plain JSON. `save` writes it. */
export interface ModelDeclaration<T extends Tasks = Tasks, F extends string = string> {
  /** The features and tasks, such as `table.schema` of the training table. */
  schema: Schema<T, F>;
  /** The architecture: `adatt({ … })`, `ple({ … })`, … */
  network: NetworkSpec;
  /** The expert between each task's lane and its head. Default: no tower. */
  tower?: ExpertSpec | undefined;
  /** Small second towers, which are trained with the tasks' labels but predict nothing. Default: none. */
  selfAuxiliaries?: SelfAuxiliaries | undefined;
  /** Rotations of the heads' inputs, which `rotoGrad` trains. Default: none; `fit` with `rotoGrad` adds them. */
  rotations?: RotationsOptions | undefined;
  /** The conversion of features to the network's input. Default: `embed()`. */
  input?: InputSpec | undefined;
  /** The initial biases of the heads. Default `base-rate`, which acts only when the schema was fitted to a table. */
  headStart?: HeadStart | undefined;
  /**
   * k, the members of the model (TabM: Gorishniy et al., ICLR 2025). They share all weights of experts, towers and gates. Each has its own
   * scales and biases of dense layers, and its own heads. Each is trained by its own loss, and predictions are averaged. Time grows with
   * k. Default 1.
   */
  members?: number | undefined;
  /** Weights of the losses that gates, experts and penalties add, by name. Default 1. */
  auxiliary?: Readonly<Record<string, number>> | undefined;
  /** The seed of all random numbers of the model, a whole number. */
  seed: number;
}

export type ReadDeclaration<T extends Tasks = Tasks, F extends string = string> = ModelDeclaration<T, F> & {
  readonly input: InputSpec;
  readonly headStart: HeadStart;
  readonly members: number;
};

/** The options of a model. A function, so that kinds are defined when it is called. */
export const modelOptions = (): Options<ModelDeclaration> => ({
  schema: shaped({ features: anything, tasks: anything, context: optional(listOf(string)) }), // the model checks features and contexts
  network: component('network'),
  tower: optional(component('expert')),
  selfAuxiliaries: optional(shaped({ tower: optional(component('expert')), weight: positive })),
  rotations: optional(shaped(rotationsOptions)),
  input: optional(component('input'), () => embed()),
  headStart: optional(oneOf('base-rate', 'random'), 'base-rate'),
  members: optional(wholeNumber(1), 1),
  auxiliary: optional(record(notNegative)),
  seed: anything, // checked by the parameters' store
});

export function readDeclaration<T extends Tasks, F extends string>(
  config: ModelDeclaration<T, F>,
): ReadDeclaration<T, F> {
  const read = readOptions(config, modelOptions(), 'multiTaskModel') as unknown as ReadDeclaration<T, F>;
  for (const [name, task] of Object.entries(checkTasks(config.schema.tasks))) {
    notNegative.read(Math.fround(task.weight ?? 1), `task "${name}".weight as float32`);
    checkLoss(task, `task "${name}".loss`);
  }
  return read;
}
