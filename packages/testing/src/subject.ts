import { type Spec, traitsOf } from '@polytask/components';
import type * as tf from '@tensorflow/tfjs-core';
import type { MultiTaskModel, Task } from '@polytask/core';
import type { FitOptions } from '@polytask/training';
import type { Numbers } from './cases/agreement.ts';
import type { Check, Checks } from './cases/case.ts';
import type { Deployment, WayParts } from './way/whole-way.ts';

/** A component under test: what the properties of {@link checksOf} read. A property is checked where the subject has what it reads. */
export interface Subject {
  readonly spec: Spec;
  /** What the component computes, from a spec of it. The same spec has the same numbers in any process. Default: the outputs of its model. */
  numbers?(spec: Spec): Numbers | Promise<Numbers>;
  /** A small model that has it, of the tasks `a`, `b` and `c` or some of them. */
  model?(of?: ModelOf): MultiTaskModel;
  /** The names of the parameters that it has in the model. Default: it has none. */
  readonly parameters?: RegExp;
  /** How many rows have all values that it reads. Default 5. */
  readonly batch?: number | undefined;
  /** Whether the fusion of the model depends on it. */
  readonly fuses?: true;
  /** A fit in which it has a part, and the model that is fitted. Default: by gradient descent, if it has a model. */
  readonly fit?: FitSubject;
  /**
   * The largest allowed share of the first loss after 90 steps, and what the fit has for them. Default: 0.8 with Adam, if it has a model. The
   * heads' biases alone reach 0.9.
   */
  readonly learns?: { readonly share: number; readonly options?: FitOptions };
  /** What it finds in rows that have weights. */
  readonly rows?: RowsSubject;
  /** A loss on a few rows, on tensors and in doubles. */
  readonly loss?: () => LossOfRows;
  /** A task that has it, as it is declared. */
  readonly task?: Task;
  /** A task whose predictions follow from its loss. */
  readonly meaning?: Task;
  /** Whether it is compiled, too: an ONNX Runtime is installed, and it can be. */
  readonly compiled?: true | undefined;
  /** What a new process imports for it: the packages and files that define it. Undefined where nobody says. */
  readonly modules?: readonly string[] | undefined;
  /** The parts of a model that goes the way of a user. */
  readonly way?: () => WayParts;
  /** The modules of further steps of that way. */
  readonly deployment?: Deployment;
  /** What its kind alone promises. */
  readonly own?: Checks;
}

export interface ModelOf<S extends Spec = Spec> {
  readonly tasks?: readonly string[] | undefined;
  /** Default: that of the subject. */
  readonly spec?: S;
  /** Default 7. */
  readonly seed?: number;
}

export interface LossOfRows {
  /** [rows][outputs] */
  readonly outputs: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  /** One loss for each row, or for all: of [(tasks,) rows, outputs] and twice [(tasks,) rows]. */
  readonly onTensors: (z: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) => tf.Tensor;
  readonly inDoubles: (outputs: LossOfRows['outputs']) => number[];
  /** Of a loss of single rows: the derivatives of a row's loss by one of its outputs. */
  readonly derivatives?: (
    outputs: readonly number[],
    row: number,
    output: number,
  ) => { readonly first: number; readonly second: number };
}

export interface FitSubject {
  /** Default: a small model of the tasks `a`, `b` and `c`. */
  readonly model?: () => MultiTaskModel;
  readonly options: FitOptions;
}

/** Rows, each with a whole number as its weight. */
export interface RowsSubject {
  readonly weights: ArrayLike<number>;
  /** What is found in these rows, by their indices, with a weight for each. */
  readonly found: (rows: readonly number[], weights: readonly number[]) => Numbers;
  /** The allowed difference for rows in another order, and for rows that are repeated. Default 0 and 0. */
  readonly within?: readonly [order: number, repeated: number];
}

export type Having<N extends keyof Subject> = Subject & { readonly [K in N]-?: NonNullable<Subject[K]> };

/** Promises of every kind of component that has what they need. */
export interface Properties {
  readonly needs: readonly (keyof Subject)[];
  readonly checks: Checks<never>;
}

export const needing = <N extends keyof Subject>(needs: readonly N[], checks: Checks<Having<N>>): Properties => ({
  needs,
  checks,
});

/** The checks of a subject: those of its kind, and the properties that it has what it needs for. */
export function checksOf(subject: Subject, properties: readonly Properties[]): Checks {
  const fitting = properties.filter(({ needs }) => needs.every((need) => subject[need] !== undefined));
  const groups: readonly Checks<never>[] = [subject.own ?? {}, ...fitting.map(({ checks }) => checks)];
  const asked = groups
    .flatMap((checks) => Object.entries(checks))
    .filter(([, [, , of]]) => !of || of(traitsOf(subject.spec)));
  return Object.fromEntries(
    asked.map(([name, [holds, fix]]): [string, Check] => [name, [() => holds(subject as never), fix]]),
  );
}
