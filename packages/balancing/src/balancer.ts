import { checkNames, fail, shown } from '@polytask/components';
import { checkGramian, checkJacobian, checkLosses, checkWeights } from './checked-input.ts';
import type {
  Contract,
  GramianRule,
  Gradients,
  Jacobian,
  JacobianRule,
  Json,
  TaskLosses,
  LossRule,
  Moment,
  TrainingPosition,
  Random,
  Seen,
} from './contracts.ts';
import { balancerNeeds, definitionOf, type AnyRule, type BalancerNeeds, type BalancerSpec } from './define.ts';

/** Options of {@link createBalancer}. */
export interface BalancerOptions {
  /** Names of the tasks, in the order of losses and gradients. */
  readonly tasks: readonly string[];
  /** The source of random numbers. */
  readonly random: Random;
}

/** The part of a rule that manages its state. */
type Learning<I extends TaskLosses> = {
  start(config: object, tasks: readonly string[]): Json;
  learn?(state: Json, config: object, moment: Moment, input: Seen<I>): Json;
};

/** A balancer that is running: its rule and its current state. */
abstract class Working<K extends Contract, I extends TaskLosses, R extends Learning<I>> {
  readonly contract: K;
  readonly needs: BalancerNeeds;
  readonly tasks: readonly string[];
  protected readonly rule: R;
  protected readonly config: object;
  readonly #random: Random;
  #state: Json;

  constructor(
    readonly spec: BalancerSpec<K>,
    { tasks, random }: BalancerOptions,
  ) {
    this.needs = balancerNeeds(spec);
    this.contract = this.needs.contract as K;
    const { builder, config } = definitionOf(spec);
    this.rule = builder as AnyRule as unknown as R;
    this.config = config;
    if (tasks.length === 0) fail({ expected: 'one task or more', received: 'none', fix: 'Pass their names.' });
    this.tasks = tasks;
    this.#random = random;
    this.#state = this.rule.start(config, tasks);
  }

  /** The current state, as plain JSON. Pass it to {@link restore} to resume exactly; also restore the random stream. */
  get state(): Json {
    return this.#state;
  }

  /**
   * Sets the state.
   *
   * @throws PolytaskError when the state belongs to another balancer or to other tasks
   */
  restore(state: Json): void {
    if (shapeOf(state) !== shapeOf(this.#state)) {
      fail({
        expected: `a state of ${this.spec.name} such as ${shown(this.#state)}`,
        received: shown(state),
        fix: 'Restore that of the same balancer and tasks.',
      });
    }
    this.#state = state;
  }

  /**
   * Updates the state. Call it once per step, when the losses of the step are known.
   *
   * @throws PolytaskError when losses or gradients don't fit the tasks, or are not finite
   */
  learn(place: TrainingPosition, input: I): void {
    const checked = this.checked(input);
    if (this.rule.learn) this.#state = this.rule.learn(this.#state, this.config, this.at(place), checked);
  }

  /** Checks losses or gradients, and fills in `present`. */
  protected abstract checked(input: I | undefined): Seen<I>;

  protected at({ step, epoch }: TrainingPosition): Moment {
    return { step, epoch, tasks: this.tasks, random: this.#random };
  }
}

/** A running balancer that weighs losses. */
export class LossBalancer extends Working<'losses', TaskLosses, LossRule<object, Json>> {
  /** Whether {@link weights} needs the losses of the step. */
  readonly needsLosses: boolean = this.rule.needsLosses ?? false;

  /**
   * The weights of the step, [T].
   *
   * @param input the losses of the step, if {@link needsLosses}
   * @throws PolytaskError when a required loss is missing or not finite
   */
  weights(place: TrainingPosition, input?: TaskLosses): number[] {
    const nothing = { losses: this.tasks.map(() => NaN), present: this.tasks.map(() => true) };
    const losses = this.needsLosses ? this.checked(input) : nothing;
    return checkWeights(this.rule.weights(this.state, this.config, this.at(place), losses), this.tasks, this.spec.name);
  }

  protected checked(input: TaskLosses | undefined): Seen<TaskLosses> {
    return checkLosses(input, this.tasks);
  }
}

/** A running balancer that weighs gradients by their inner products. */
export class GramianBalancer extends Working<'gramian', Gradients, GramianRule<object, Json>> {
  /**
   * The weights of the step, [T].
   *
   * @throws PolytaskError when the losses or the Gramian don't fit the tasks, or are not finite
   */
  weights(place: TrainingPosition, input: Gradients): number[] {
    return checkWeights(
      this.rule.weights(this.state, this.config, this.at(place), this.checked(input)),
      this.tasks,
      this.spec.name,
    );
  }

  protected checked(input: Gradients): Seen<Gradients> {
    return checkGramian(input, this.tasks);
  }
}

/** A running balancer that combines the tasks' gradients to one vector. */
export class JacobianBalancer extends Working<'jacobian', Jacobian, JacobianRule<object, Json>> {
  /**
   * The combined gradient of the step, [P].
   *
   * @throws PolytaskError unless there is one gradient per task, all of one length
   */
  vector(place: TrainingPosition, input: Jacobian): Float32Array {
    return this.rule.vector(this.state, this.config, this.at(place), this.checked(input));
  }

  protected checked(input: Jacobian): Seen<Jacobian> {
    return checkJacobian(input, this.tasks);
  }
}

/** A running balancer of any contract. */
export type Balancer = LossBalancer | GramianBalancer | JacobianBalancer;

/** The class of a running balancer, by its contract. */
export type BalancerOf<K extends Contract> = {
  losses: LossBalancer;
  gramian: GramianBalancer;
  jacobian: JacobianBalancer;
}[K];

const makers = { losses: LossBalancer, gramian: GramianBalancer, jacobian: JacobianBalancer };

/**
 * Creates a running balancer for these tasks.
 *
 * @param spec the description of a balancer, such as `mgda()`
 * @throws PolytaskError when the balancer or an option is unknown, or the balancer's configuration doesn't fit the tasks
 * @example
 * createBalancer(mgda(), { tasks: ['a', 'b'], random })
 *   .weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 3]] }); // [0.75, 0.25]
 */
export function createBalancer<K extends Contract>(spec: BalancerSpec<K>, options: BalancerOptions): BalancerOf<K> {
  checkNames(options, ['tasks', 'random'], 'createBalancer');
  const Maker = makers[definitionOf(spec).builder.contract] as unknown as new (
    spec: BalancerSpec<K>,
    options: BalancerOptions,
  ) => BalancerOf<K>;
  return new Maker(spec, options);
}

/** The keys and lengths of a state, to compare its shape. A number that is not set yet is null. */
const shapeOf = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map((each: Json) => (Array.isArray(each) ? shapeOf(each) : '')).join()}]`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.entries(value)
    .sort()
    .map(([key, each]) => `${key}${shapeOf(each)}`)
    .join();
};
