import { type Spec, traitsOf, type Traits } from '@polytask/components';
import type { MultiTaskModel } from '@polytask/core';
import type { FitOptions } from '@polytask/training';
import type { Numbers } from './cases/agreement.ts';
import type { Checks } from './cases/case.ts';
import type { Probe } from './probes/probe.ts';
import type { WayParts } from './way/whole-way.ts';

/** A component under test: what the properties of {@link checksOf} read. A property is checked where the subject has what it reads. */
export interface Subject {
  readonly spec: Spec;
  /** What the component computes, from a spec of it. The same spec has the same numbers in any process. */
  readonly numbers?: (spec: Spec) => Numbers;
  /** The component by itself, in a store of parameters. Default seed: 7. */
  readonly probe?: (seed?: number) => Probe;
  /** How many numbers of each parameter of the probe are compared with slopes. Default 4. */
  readonly tried?: number;
  /** Whether a gradient must reach the inputs of the probe, too. Default false. */
  readonly reachesInputs?: boolean;
  /** A model that has it, of the tasks `a`, `b` and `c` or some of them. */
  readonly model?: (tasks?: readonly string[]) => MultiTaskModel;
  /** A fit in which it has a part, and the model that is fitted. */
  readonly fit?: FitSubject;
  /** Whether it is compiled, too: an ONNX Runtime is installed, and it can be. */
  readonly compiled?: true | undefined;
  /** What a new process imports for it: the packages and files that define it. Undefined where nobody says. */
  readonly modules?: readonly string[] | undefined;
  /** The parts of a model that goes the way of a user. */
  readonly way?: () => WayParts;
}

/** A fit, with what is fitted. */
export interface FitSubject {
  readonly model: () => MultiTaskModel;
  readonly options: FitOptions;
}

/** A promise, and what of a subject it reads. */
export interface Property {
  readonly name: string;
  readonly needs: readonly (keyof Subject)[];
  /** Whether it is asked of a component with these traits. Default: always. */
  readonly asked?: ((traits: Traits) => boolean) | undefined;
  readonly holds: (subject: Subject) => void | Promise<void>;
}

type Having<N extends keyof Subject> = Subject & { readonly [K in N]-?: NonNullable<Subject[K]> };

/** A promise of every kind of component that has what it needs. */
export const property = <N extends keyof Subject>(
  name: string,
  needs: readonly N[],
  holds: (subject: Having<N>) => void | Promise<void>,
  asked?: (traits: Traits) => boolean,
): Property => ({ name, needs, asked, holds: holds as Property['holds'] });

/** The checks of a subject: the properties that it has what it needs for. */
export const checksOf = (subject: Subject, properties: readonly Property[]): Checks =>
  Object.fromEntries(
    properties
      .filter(({ needs }) => needs.every((need) => subject[need] !== undefined))
      .filter(({ asked }) => asked?.(traitsOf(subject.spec)) ?? true)
      .map(({ name, holds }) => [name, () => holds(subject)]),
  );
