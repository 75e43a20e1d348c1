import { checkNames, fail, shown } from '@polytask/components';
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

export interface BalancerOptions {
  /** Names of the tasks, in the order of losses and gradients. */
  readonly tasks: readonly string[];
  readonly random: Random;
}

/** The part of a rule that manages its state. */
type Learning<I extends TaskLosses> = {
  start(config: object, tasks: readonly string[]): Json;
  learn?(state: Json, config: object, moment: Moment, input: Seen<I>): Json;
};

class Working<K extends Contract, I extends TaskLosses, R extends Learning<I>> {
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

  /** Sets the state. @throws PolytaskError when the state belongs to another balancer or to other tasks */
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

  /** Updates the state, once per step. @throws PolytaskError when losses or gradients don't fit the tasks, or are not finite */
  learn(place: TrainingPosition, input: I): void {
    const checked = this.checked(input);
    if (this.rule.learn) this.#state = this.rule.learn(this.#state, this.config, this.at(place), checked);
  }

  protected checked(input: I | undefined): Seen<I> {
    return CHECKS[this.contract](input as never, this.tasks) as Seen<TaskLosses> as Seen<I>;
  }

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
}

/** A running balancer that weighs gradients by their inner products. */
export class GramianBalancer extends Working<'gramian', Gradients, GramianRule<object, Json>> {
  /** The weights of the step, [T]. @throws PolytaskError when the losses or the Gramian don't fit the tasks, or are not finite */
  weights(place: TrainingPosition, input: Gradients): number[] {
    const weights = this.rule.weights(this.state, this.config, this.at(place), this.checked(input));
    return checkWeights(weights, this.tasks, this.spec.name);
  }
}

/** A running balancer that combines the tasks' gradients to one vector. */
export class JacobianBalancer extends Working<'jacobian', Jacobian, JacobianRule<object, Json>> {
  /** The combined gradient of the step, [P]. @throws PolytaskError unless there is one gradient per task, all of one length */
  vector(place: TrainingPosition, input: Jacobian): Float32Array {
    return this.rule.vector(this.state, this.config, this.at(place), this.checked(input));
  }
}

export type Balancer = LossBalancer | GramianBalancer | JacobianBalancer;

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

const DIVERGED = 'Look for a diverged model: lower the learning rate, or clip the gradients.';

/** Checks the losses of all tasks, and fills in `present`. */
function checkLosses<I extends TaskLosses>(input: I | undefined, tasks: readonly string[]): Seen<I> {
  if (!Array.isArray(input?.losses))
    fail({ expected: 'the losses of the step', received: shown(input), fix: 'Pass { losses }, one a task.' });
  const { losses, present = tasks.map(() => true) } = input;
  if (losses.length !== tasks.length || present.length !== tasks.length) {
    const received = losses.length === tasks.length ? `${present.length} marks of presence` : String(losses.length);
    const expected = `${tasks.length} losses (${tasks.join(', ')})`;
    fail({ expected, received, fix: 'Pass one a task, in their order.' });
  }
  const bad = losses.findIndex((loss, i) => present[i] && !Number.isFinite(loss));
  if (bad >= 0)
    fail({ expected: `a finite loss of task "${tasks[bad]}"`, received: String(losses[bad]), fix: DIVERGED });
  return { ...input, present };
}

function checkGramian(input: Gradients, tasks: readonly string[]): Seen<Gradients> {
  const checked = checkLosses(input, tasks);
  const { gramian } = input;
  const count = tasks.length;
  if (!Array.isArray(gramian) || gramian.length !== count || gramian.some((row) => row.length !== count)) {
    const received = Array.isArray(gramian) ? `[${gramian.length}][${gramian[0]?.length ?? 0}]` : shown(gramian);
    fail({
      expected: `a Gramian [${count}][${count}]`,
      received,
      fix: 'Pass the inner products of the gradients of all tasks.',
    });
  }
  input.gramian.forEach((row, i) =>
    row.forEach((product, j) => {
      if (Number.isFinite(product) && (i !== j || product >= 0)) return;
      const [one, other] = [`"${tasks[i]}"`, `"${tasks[j]}"`];
      const expected =
        i === j ? `a squared norm of 0 or more of task ${one}` : `a finite inner product of ${one} and ${other}`;
      fail({ expected, received: String(product), fix: DIVERGED });
    }),
  );
  return checked;
}

function checkJacobian(input: Jacobian, tasks: readonly string[]): Seen<Jacobian> {
  const checked = checkLosses(input, tasks);
  const { jacobian } = input;
  const lengths = [...new Set(jacobian.map(({ length }) => length))];
  if (jacobian.length !== tasks.length || lengths.length !== 1) {
    fail({
      expected: `${tasks.length} gradients of one length (${tasks.join(', ')})`,
      received: `${jacobian.length} of length ${lengths.join(', ') || '0'}`,
      fix: 'Pass one a task, over the same parameters.',
    });
  }
  return checked;
}

const CHECKS = { losses: checkLosses, gramian: checkGramian, jacobian: checkJacobian };

/** Checks the weights that a rule returned. A rule that a user defines can return invalid weights. */
function checkWeights(weights: readonly number[], tasks: readonly string[], kind: string): number[] {
  if (weights.length === tasks.length && weights.every(Number.isFinite)) return [...weights];
  fail({
    expected: `${kind} to give ${tasks.length} finite weights`,
    received: shown(weights.map(String)),
    fix: 'Look at what it was given: a loss of 0, or gradients that cancel.',
  });
}
