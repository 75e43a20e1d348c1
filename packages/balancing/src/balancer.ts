import { checkNames, fail, shown } from '@polytask/components';
import type {
  Contract,
  Gradients,
  Jacobian,
  JacobianRule,
  Json,
  LossRule,
  Moment,
  Random,
  Seen,
  TaskLosses,
  TrainingPosition,
} from './contracts.ts';
import { balancerNeeds, definitionOf, type BalancerNeeds, type BalancerSpec } from './define.ts';

export interface BalancerOptions {
  /** Names of the tasks, in the order of losses and gradients. */
  readonly tasks: readonly string[];
  readonly random: Random;
}

interface Inputs {
  readonly losses: TaskLosses;
  readonly gramian: Gradients;
  readonly jacobian: Jacobian;
}

/** The functions of all contracts: `weights` of the first two, `vector` of the last. */
type AnyFunctions = LossRule<object, Json> & Pick<JacobianRule<object, Json>, 'vector'>;

class Working<K extends Contract> {
  readonly contract: K;
  readonly needs: BalancerNeeds;
  readonly tasks: readonly string[];
  /** Whether {@link weights} needs the losses of the step. */
  readonly needsLosses: boolean;
  readonly #rule: AnyFunctions;
  readonly #config: object;
  readonly #random: Random;
  #state: Json;

  constructor(
    readonly spec: BalancerSpec<K>,
    { tasks, random }: BalancerOptions,
  ) {
    this.needs = balancerNeeds(spec);
    this.contract = this.needs.contract as K;
    const { builder, config } = definitionOf(spec);
    this.#rule = builder as unknown as AnyFunctions;
    this.#config = config;
    if (tasks.length === 0) fail({ expected: 'one task or more', received: 'none', fix: 'Pass their names.' });
    this.tasks = tasks;
    this.needsLosses = this.contract !== 'losses' || (this.#rule.needsLosses ?? false);
    this.#random = random;
    this.#state = this.#rule.start(config, tasks);
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

  /**
   * The weights of the step, [T].
   *
   * @param input the losses of the step, if {@link needsLosses}, and the Gramian of a Gramian balancer
   * @throws PolytaskError when losses or gradients are missing, don't fit the tasks, or are not finite
   */
  weights(
    place: TrainingPosition,
    ...[input]: K extends 'losses' ? [input?: TaskLosses] : [input: Inputs[K]]
  ): number[] {
    const { tasks } = this;
    const seen = this.needsLosses
      ? checked(input, this)
      : { losses: tasks.map(() => NaN), present: tasks.map(() => true) };
    const weights = this.#rule.weights(this.#state, this.#config, this.#at(place), seen);
    if (weights.length === tasks.length && weights.every(Number.isFinite)) return [...weights];
    return fail({
      expected: `${this.spec.name} to give ${tasks.length} finite weights`,
      received: shown(weights.map(String)),
      fix: 'Look at what it was given: a loss of 0, or gradients that cancel.',
    });
  }

  /** The combined gradient of the step, [P]. @throws PolytaskError unless there is one gradient per task, all of one length */
  vector(place: TrainingPosition, input: Inputs[K]): Float32Array {
    return this.#rule.vector(this.#state, this.#config, this.#at(place), checked(input, this));
  }

  /** Updates the state, once per step. @throws PolytaskError when losses or gradients don't fit the tasks, or are not finite */
  learn(place: TrainingPosition, input: Inputs[K]): void {
    const seen = checked(input, this);
    if (this.#rule.learn) this.#state = this.#rule.learn(this.#state, this.#config, this.#at(place), seen);
  }

  #at({ step, epoch }: TrainingPosition): Moment {
    return { step, epoch, tasks: this.tasks, random: this.#random };
  }
}

/** A running balancer that weighs losses. */
export type LossBalancer = Omit<Working<'losses'>, 'vector'>;
/** A running balancer that weighs gradients by their inner products. */
export type GramianBalancer = Omit<Working<'gramian'>, 'vector' | 'needsLosses'>;
/** A running balancer that combines the tasks' gradients to one vector. */
export type JacobianBalancer = Omit<Working<'jacobian'>, 'weights' | 'needsLosses'>;

export type Balancer = LossBalancer | GramianBalancer | JacobianBalancer;

export type BalancerOf<K extends Contract> = {
  losses: LossBalancer;
  gramian: GramianBalancer;
  jacobian: JacobianBalancer;
}[K];

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
  return new Working(spec, options) as unknown as BalancerOf<K>;
}

const shapeOf = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map((each: Json) => (Array.isArray(each) ? shapeOf(each) : '')).join()}]`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.entries(value)
    .sort()
    .map(([key, each]) => `${key}${shapeOf(each)}`)
    .join();
};

const DIVERGED = 'Look for a diverged model: lower the learning rate, or clip the gradients.';

/** Checks losses, and the gradients of the contract, and fills in `present`. */
function checked(
  input: Partial<Gradients & Jacobian> | undefined,
  { contract, tasks }: Pick<Working<Contract>, 'contract' | 'tasks'>,
): Seen<Jacobian> {
  if (!Array.isArray(input?.losses))
    fail({ expected: 'the losses of the step', received: shown(input), fix: 'Pass { losses }, one a task.' });
  const { losses, present = tasks.map(() => true) } = input;
  const count = tasks.length;
  if (losses.length !== count || present.length !== count) {
    const received = losses.length === count ? `${present.length} marks of presence` : String(losses.length);
    fail({ expected: `${count} losses (${tasks.join(', ')})`, received, fix: 'Pass one a task, in their order.' });
  }
  const bad = losses.findIndex((loss, i) => present[i] && !Number.isFinite(loss));
  if (bad >= 0)
    fail({ expected: `a finite loss of task "${tasks[bad]}"`, received: String(losses[bad]), fix: DIVERGED });
  if (contract === 'gramian') checkGramian(input.gramian, tasks);
  if (contract === 'jacobian') checkJacobian(input.jacobian, tasks);
  return { ...input, losses, present } as Seen<Jacobian>;
}

function checkJacobian(jacobian: Jacobian['jacobian'] | undefined, tasks: readonly string[]): void {
  const width = jacobian?.[0]?.length;
  if (jacobian?.length === tasks.length && jacobian.every(({ length }) => length === width)) return;
  fail({
    expected: `${tasks.length} gradients of one length (${tasks.join(', ')})`,
    received: jacobian ? `${jacobian.length} of length ${jacobian.map(({ length }) => length).join(', ')}` : 'nothing',
    fix: 'Pass { losses, jacobian }, one gradient a task, over the same parameters.',
  });
}

function checkGramian(gramian: Gradients['gramian'] | undefined, tasks: readonly string[]): void {
  const count = tasks.length;
  if (gramian?.length !== count || gramian.some((row) => row.length !== count))
    fail({
      expected: `a Gramian [${count}][${count}]`,
      received: gramian ? `[${gramian.length}][${gramian[0]?.length ?? 0}]` : 'nothing',
      fix: 'Pass { losses, gramian }, the inner products of the gradients of all tasks.',
    });
  gramian.forEach((row, i) =>
    row.forEach((product, j) => {
      if (Number.isFinite(product) && (i !== j || product >= 0)) return;
      const expected = `a finite inner product of "${tasks[i]}" and "${tasks[j]}", 0 or more of a task with itself`;
      fail({ expected, received: String(product), fix: DIVERGED });
    }),
  );
}
