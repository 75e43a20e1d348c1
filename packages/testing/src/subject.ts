import { type Spec, traitsOf, type Traits } from '@polytask/components';
import type * as tf from '@tensorflow/tfjs-core';
import type { MultiTaskModel, Task } from '@polytask/core';
import type { FitOptions } from '@polytask/training';
import type { Numbers } from './cases/agreement.ts';
import type { Check, Checks } from './cases/case.ts';
import type { Probe, ProbeOptions } from './probes/probe.ts';
import type { Deployment, WayParts } from './way/whole-way.ts';

/** A component under test: what the properties of {@link checksOf} read. A property is checked where the subject has what it reads. */
export interface Subject {
  readonly spec: Spec;
  /** What the component computes, from a spec of it. The same spec has the same numbers in any process. */
  readonly numbers?: (spec: Spec) => Numbers;
  /** The component by itself, in a store of parameters. */
  readonly probe?: (options?: ProbeOptions) => Probe;
  /** The expected width of its outputs. */
  readonly outputDim?: number | undefined;
  /** How many numbers of each parameter of the probe are compared with slopes. Default 4. */
  readonly tried?: number;
  /** Whether a gradient must reach the inputs of the probe, too. Default false. */
  readonly reachesInputs?: boolean;
  /** A model that has it, of the tasks `a`, `b` and `c` or some of them. */
  readonly model?: (tasks?: readonly string[]) => MultiTaskModel;
  /** Whether the fusion of the model depends on it. */
  readonly fuses?: true;
  /** A fit in which it has a part, and the model that is fitted. */
  readonly fit?: FitSubject;
  /** What it finds in rows that have weights. */
  readonly rows?: RowsSubject;
  /** A loss on a few rows, on tensors and in doubles. */
  readonly loss?: LossOfRows;
  /** A task that has it, as it is declared. */
  readonly task?: Task;
  /** Whether it is compiled, too: an ONNX Runtime is installed, and it can be. */
  readonly compiled?: true | undefined;
  /** What a new process imports for it: the packages and files that define it. Undefined where nobody says. */
  readonly modules?: readonly string[] | undefined;
  /** The parts of a model that goes the way of a user. */
  readonly way?: () => WayParts;
  /** The modules of further steps of that way. */
  readonly deployment?: Deployment;
}

/** A loss on a few rows. */
export interface LossOfRows {
  /** [rows][outputs] */
  readonly outputs: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  /** One loss for each row, or for all: of [(tasks,) rows, outputs] and twice [(tasks,) rows]. */
  readonly onTensors: (z: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) => tf.Tensor;
  readonly inDoubles: (outputs: LossOfRows['outputs']) => number[];
}

/** A fit, with what is fitted. */
export interface FitSubject {
  readonly model: () => MultiTaskModel;
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

type Having<N extends keyof Subject> = Subject & { readonly [K in N]-?: NonNullable<Subject[K]> };

/** A promise of every kind of component that has what it needs. */
export interface Property {
  readonly name: string;
  readonly fix: string;
  readonly needs: readonly (keyof Subject)[];
  readonly holds: (subject: never) => void | Promise<void>;
  /** Whether it is asked of a component with these traits. */
  readonly asked: (traits: Traits) => boolean;
}

export const property = <N extends keyof Subject>(
  name: string,
  fix: string,
  needs: readonly N[],
  holds: (subject: Having<N>) => void | Promise<void>,
  asked: Property['asked'] = () => true,
): Property => ({ name, fix, needs, holds, asked });

/** The checks of a subject: the properties that it has what it needs for. */
export const checksOf = (subject: Subject, properties: readonly Property[]): Checks =>
  Object.fromEntries(
    properties
      .filter(({ needs }) => needs.every((need) => subject[need] !== undefined))
      .filter(({ asked }) => asked(traitsOf(subject.spec)))
      .map(({ name, fix, holds }): [string, Check] => [name, [fix, () => holds(subject as never)]]),
  );
