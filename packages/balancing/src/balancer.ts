import { BalancingError, shown } from './balancing-error.ts';
import { checkGramian, checkJacobian, checkLosses, checkWeights } from './checked-input.ts';
import type {
  BalancerSpec,
  Contract,
  GramianRule,
  Gradients,
  Jacobian,
  JacobianRule,
  Json,
  Losses,
  LossRule,
  Moment,
  Place,
  Random,
  Seen,
} from './contracts.ts';
import { ruleOf } from './define.ts';

export interface BalancerOptions {
  /** Their names, in the order of losses and gradients. */
  readonly tasks: readonly string[];
  /** Where random numbers come from. */
  readonly random: Random;
}

/** What a rule learns by. */
type Learning<I extends Losses> = {
  start(config: object, tasks: readonly string[]): Json;
  learn?(state: Json, config: object, moment: Moment, seen: Seen<I>): Json;
};

/** A balancer at work: its rule, and the state that it has come to. */
abstract class Working<K extends Contract, I extends Losses, R extends Learning<I>> {
  readonly contract: K;
  readonly tasks: readonly string[];
  protected readonly rule: R;
  readonly #random: Random;
  #state: Json;

  constructor(
    readonly spec: BalancerSpec<K>,
    { tasks, random }: BalancerOptions,
  ) {
    this.contract = spec.contract;
    this.rule = ruleOf(spec) as unknown as R;
    if (tasks.length === 0) throw new BalancingError('one task or more', 'none', 'Pass their names.');
    this.tasks = tasks;
    this.#random = random;
    this.#state = this.rule.start(spec.config, tasks);
  }

  /** Plain JSON; with it and the place of the random stream, {@link restore} goes on as if nothing had happened. */
  get state(): Json {
    return this.#state;
  }

  /** @throws BalancingError when the state is of another balancer, or of other tasks */
  restore(state: Json): void {
    if (shapeOf(state) !== shapeOf(this.#state)) {
      throw new BalancingError(
        `a state of ${this.spec.kind} such as ${shown(this.#state)}`,
        shown(state),
        'Restore that of the same balancer and tasks.',
      );
    }
    this.#state = state;
  }

  /** Call it once a step, when its losses are known. @throws BalancingError when what was seen doesn't fit, or isn't finite */
  learn(place: Place, seen: I): void {
    const checked = this.checked(seen);
    if (this.rule.learn) this.#state = this.rule.learn(this.#state, this.spec.config, this.at(place), checked);
  }

  protected abstract checked(seen: I | undefined): Seen<I>;

  protected at({ step, epoch }: Place): Moment {
    return { step, epoch, tasks: this.tasks, random: this.#random };
  }
}

export class LossBalancer extends Working<'losses', Losses, LossRule<object, Json>> {
  /** Whether {@link weights} has to be told the step's losses. */
  readonly needsLosses: boolean = this.rule.needsLosses ?? false;

  /** [T] @throws BalancingError when a loss that is needed is missing or isn't finite */
  weights(place: Place, seen?: Losses): number[] {
    const nothing = { losses: this.tasks.map(() => NaN), present: this.tasks.map(() => true) };
    const known = this.needsLosses ? this.checked(seen) : nothing;
    return checkWeights(
      this.rule.weights(this.state, this.spec.config, this.at(place), known),
      this.tasks,
      this.spec.kind,
    );
  }

  protected checked(seen: Losses | undefined): Seen<Losses> {
    return checkLosses(seen, this.tasks);
  }
}

export class GramianBalancer extends Working<'gramian', Gradients, GramianRule<object, Json>> {
  /** [T] @throws BalancingError when losses or Gramian aren't of T tasks, or not finite */
  weights(place: Place, seen: Gradients): number[] {
    return checkWeights(
      this.rule.weights(this.state, this.spec.config, this.at(place), this.checked(seen)),
      this.tasks,
      this.spec.kind,
    );
  }

  protected checked(seen: Gradients): Seen<Gradients> {
    return checkGramian(seen, this.tasks);
  }
}

export class JacobianBalancer extends Working<'jacobian', Jacobian, JacobianRule<object, Json>> {
  /** [P] @throws BalancingError when there isn't a gradient a task, all of one length */
  vector(place: Place, seen: Jacobian): Float32Array {
    return this.rule.vector(this.state, this.spec.config, this.at(place), this.checked(seen));
  }

  protected checked(seen: Jacobian): Seen<Jacobian> {
    return checkJacobian(seen, this.tasks);
  }
}

export type Balancer = LossBalancer | GramianBalancer | JacobianBalancer;

/** The balancer that a description makes. */
export type BalancerOf<K extends Contract> = {
  losses: LossBalancer;
  gramian: GramianBalancer;
  jacobian: JacobianBalancer;
}[K];

const makers = { losses: LossBalancer, gramian: GramianBalancer, jacobian: JacobianBalancer };

/**
 * Puts a balancer to work on tasks.
 *
 * @throws BalancingError when the description is of no balancer, or its numbers don't fit the tasks
 * @example
 * createBalancer(mgda(), { tasks: ['a', 'b'], random }).weights({ step: 0, epoch: 0 }, { losses: [1, 1], gramian: [[1, 0], [0, 3]] }); // [0.75, 0.25]
 */
export function createBalancer<K extends Contract>(spec: BalancerSpec<K>, options: BalancerOptions): BalancerOf<K> {
  ruleOf(spec);
  const Maker = makers[spec.contract] as unknown as new (
    spec: BalancerSpec<K>,
    options: BalancerOptions,
  ) => BalancerOf<K>;
  return new Maker(spec, options);
}

/** The keys and lengths of a state. A number may be null before there is one. */
const shapeOf = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map((each: Json) => (Array.isArray(each) ? shapeOf(each) : '')).join()}]`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.entries(value)
    .sort()
    .map(([key, each]) => `${key}${shapeOf(each)}`)
    .join();
};
