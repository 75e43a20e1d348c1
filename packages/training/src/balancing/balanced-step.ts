import { createBalancer, type Balancer, type BalancerSpec } from '@polytask/balancing';
import {
  labelsOf,
  groupedTasks,
  randomDraws,
  namedLosses,
  type Batch,
  type MultiTaskModel,
  type NamedTensor,
  type Tasks,
} from '@polytask/core';
import type { Recipe, StepLosses, TrainingStep } from '../engine.ts';
import { clipFlat } from '../optimizers/clip.ts';
import type { FlatState, UpdatePlace } from '../optimizers/flat/flat-state.ts';
import { balancedGradients } from './balanced-gradients.ts';
import type { EnginePasses } from './pass-contract.ts';
import type { TurningRotations } from './rotations.ts';
import { withTables, type SharedParts } from './shared-parts.ts';

/** The model's random stream for balancers. Checkpoints contain the counter of this stream. */
const BALANCING_STREAM = 'balancing';

/** A balancer for the tasks of a model. @throws PolytaskError when the spec is unknown or doesn't fit the tasks */
export const balancerFor = <T extends Tasks>(model: MultiTaskModel<T>, spec: BalancerSpec): Balancer =>
  createBalancer(spec, {
    tasks: model.taskNames,
    random: randomDraws(model.store.stream(BALANCING_STREAM)),
  }) as Balancer;

interface BalancedStepParts {
  readonly state: FlatState;
  readonly passes: EnginePasses;
  readonly parts: SharedParts;
  /** The cut where sharing ends, for a balancer of gradients at the representation. */
  readonly cut?: string | undefined;
  /** The rotations of the model, for a balancer that turns them. */
  readonly rotations?: TurningRotations | undefined;
}

/**
 * Training steps with balanced losses or gradients. The engine computes the gradients. The balancer combines the gradients on
 * the host, and the optimizer updates flat buffers, with the same arithmetic on every engine.
 */
export class BalancedStep implements TrainingStep {
  readonly name: string;
  readonly inFlight = 1;
  readonly #model: MultiTaskModel<Tasks>;
  readonly #recipe: Recipe;
  readonly #balancer: Balancer;
  /** The tasks whose loss compares the rows of a group. */
  readonly #grouped: readonly string[];
  readonly #own: BalancedStepParts;
  #steps = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    model: MultiTaskModel<Tasks>,
    recipe: Recipe & { readonly balancing: BalancerSpec },
    own: BalancedStepParts,
  ) {
    this.name = own.passes.name;
    this.#model = model;
    this.#recipe = recipe;
    this.#balancer = balancerFor(model, recipe.balancing);
    this.#grouped = groupedTasks(model.schema.tasks);
    this.#own = own;
  }

  run(batch: Batch, learningRate: number, epoch = 0, tableLearningRate = learningRate): Promise<StepLosses> {
    const step = this.#last.then(() => this.#step(batch, { learningRate, tableLearningRate }, epoch));
    this.#last = step.catch(() => undefined); // the caller gets the error
    return step;
  }

  async #step(batch: Batch, rates: Omit<UpdatePlace, 'step'>, epoch: number): Promise<StepLosses> {
    const { passes, parts, state, cut, rotations } = this.#own;
    const { taskNames, schema } = this.#model;
    const { run, auxiliary } = passes.begin(state.tables.gather(batch));
    const { losses, gradients, weights, diagnostics, pulls } = await balancedGradients(run, {
      balancer: this.#balancer,
      parts: withTables(parts, state, batch.size),
      cut,
      turns: rotations !== undefined,
      counts: taskNames.map((name) => schema.tasks[name]!.weight ?? 1),
      present: taskNames.map((name) => labelsOf(batch, name).weights.some((weight) => weight > 0)),
      compares: taskNames.map((name) => this.#grouped.includes(name)),
      place: { step: this.#steps, epoch },
    });
    if (gradients) {
      state.setGradients(clipFlat(gradients, this.#recipe.clip), batch.size);
      state.update({ step: this.#steps + 1, ...rates });
      if (pulls) passes.assign(rotations!.parameter, rotations!.turn(pulls, this.#steps));
      passes.changed();
    }
    this.#steps++;
    return {
      ...namedLosses(losses, taskNames, auxiliary()),
      balancing: {
        ...(weights && { weights: Object.fromEntries(taskNames.map((name, i) => [name, weights[i]!])) }),
        ...(diagnostics && { gradients: { ...diagnostics } }),
      },
    };
  }

  async flush(): Promise<void> {
    await this.#last;
    this.#own.passes.flush();
  }

  async settle(): Promise<void> {
    await this.flush();
    this.#own.state.tables.settle();
  }

  async readSlots(): Promise<Record<string, NamedTensor>> {
    await this.#last;
    return this.#own.state.slots();
  }

  get balancer(): Pick<Balancer, 'state' | 'restore'> {
    return this.#balancer;
  }

  async restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): Promise<void> {
    const { state, passes, rotations } = this.#own;
    state.restoreSlots(slots);
    this.#steps = steps;
    await passes.reload();
    await rotations?.read();
  }

  async close(): Promise<void> {
    await this.settle();
    await this.#own.passes.close();
  }
}
