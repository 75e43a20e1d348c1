import {
  aboutOf,
  anything,
  flag,
  optional,
  readOptions,
  text,
  type ComponentExample,
  type ComponentKind,
  type Described,
  type Option,
  type Read,
  type Spec,
  type Written,
} from '@polytask/components';
import type { NetworkSize } from '@polytask/core';
import { usedIn } from '@polytask/core/internal';
import { adam, sgd, type FitOptions } from '@polytask/training';
import { casesOf, registerCases, TEST_COMPONENT, type Case, type Runner } from './cases/case.ts';
import { outputsOf, withModels } from './tiny/tiny-model.ts';
import { PROPERTIES } from './properties.ts';
import { checksOf, type Subject } from './subject.ts';
import type { Deployment } from './way/whole-way.ts';

/** What a component of any kind is tested with. */
export const everyTest = {
  /** The name of the group of tests. Default: the component's. */
  name: optional(text),
  /** False where no ONNX Runtime is installed, or the component can't be compiled. */
  compiled: optional(flag, true),
  /** The test runner: the module `vitest` or `node:test`. Default: the globals `describe` and `it`. */
  runner: optional(anything as Option<Runner>),
  /** The URL of the file that defines the component, for a new process. Default: the package of its definition, which must be built. */
  module: optional(text),
  /** The module `@polytask/serving`: models with the component are exported to ONNX, too. Needs onnxruntime-node. */
  serving: optional(anything as Option<Deployment['serving']>),
  /** The module `@polytask/server`: saved models with the component predict over HTTP, too. */
  server: optional(anything as Option<Deployment['server']>),
};

/** The options of a test, whose own options are described by `O`. */
export type TestOptions<O extends object> = Written<O> & Written<typeof everyTest>;

/** The options of a test, such as `OptionsFor<typeof testGate>`. */
export type OptionsFor<T> = T extends (component: never, options?: infer O) => void ? NonNullable<O> : never;

/** A kind of component, and what is tested of a definition where only its name is known. */
export interface Kind<O extends object> {
  readonly kind: ComponentKind;
  /** Options of the tests beside those of every kind. */
  readonly options?: O;
  /** What is tested of a configuration. Default: its spec. */
  readonly of?: (name: string, config: object) => unknown;
  /** The example of a variant of the definition, which comparisons build, where the definition has no examples. */
  readonly variant?: (variant: Variant) => ComponentExample;
  /** The configuration of a definition that has neither. Default: the defaults of its options. */
  readonly config?: (name: string) => object;
}

/** Builds a configuration for a width, for what a gate reads, or for the size of a network. */
type Build = (of: number | string | NetworkSize) => object;

export type Variant = Readonly<Record<'layer' | 'config', Build>>;

/** The test of a kind of component: the promises of its kind, and those of every component. */
export interface Tester<T, O extends object> {
  /**
   * Registers the promises as a group of tests.
   *
   * @throws PolytaskError when an option is unknown, and when there is no test runner
   * @example
   * import * as runner from 'vitest'; // or 'node:test'
   * testExpert(glu({ units: 4 }), { runner });
   */
  (component: T, options?: TestOptions<O>): void;
  /** The promises, one for each case, for a runner that has no `describe` and `it`. */
  cases(component: T, options?: TestOptions<O>): Case[];
  readonly about: Kind<O>;
}

/** The fit of components of models: 21 steps. Adam would turn gradients of 0, and their rounding errors, into steps. */
const GRADIENT_DESCENT: FitOptions = { optimizer: sgd(0.05), epochs: 7 };
const LEARNS = { share: 0.8, options: { optimizer: adam(0.03) } };

/** Makes the test of a kind of component: its own promises, and those of {@link PROPERTIES} that it has what they need for. */
export function tester<T, O extends object = Record<never, never>>(
  about: Kind<O>,
  subjectOf: (component: T, options: Read<O & typeof everyTest>) => Subject,
): Tester<T, O> {
  const { kind, options: own } = about;
  const described = { ...everyTest, ...own } as unknown as Described;
  const cases = (component: T, options: object = {}): Case[] => {
    const read = readOptions(options, described, `the test of a ${kind}`) as Read<O & typeof everyTest>;
    const { name, compiled, module, serving, server } = read as Read<typeof everyTest>;
    const subject = subjectOf(component, read);
    const { spec, model, batch = 5 } = subject;
    const used = [spec, ...usedIn(subject.way?.() ?? {})];
    const packages = used.map((each) => aboutOf(each.kind, each.name).package);
    const modules = [...new Set([...packages, module])].filter((each) => each !== undefined);
    const whole = {
      ...(model && {
        numbers: (each: Spec) => withModels([model({ spec: each })], (own) => outputsOf(own, batch)),
        ...{ fit: { model, options: GRADIENT_DESCENT }, learns: LEARNS },
      }),
      ...(!TEST_COMPONENT.test(spec.name) && { modules }),
      ...(compiled && { compiled }),
      deployment: { serving, server },
      ...subject,
      batch,
    };
    return casesOf(`${kind} ${name ?? spec.name}`, checksOf(whole, PROPERTIES));
  };
  const test = (component: T, options: TestOptions<O> = {} as TestOptions<O>) =>
    registerCases(cases(component, options), (options as Written<typeof everyTest>).runner);
  return Object.assign(test, { cases, about });
}
