import {
  aboutOf,
  allComponents,
  type ComponentKind,
  type ComponentName,
  createSpec,
  definedBy,
  type ComponentExample,
  groupBy,
  specText,
  type Written,
} from '@polytask/components';
import { declareFeature, declareTask, fail, type NetworkSize } from '@polytask/core';
import { findMetric } from '@polytask/metrics';
import { broken, casesOf, registerCases, type Case } from './cases/case.ts';
import { testBalancer } from './kinds/balancer.ts';
import { fittedSpec, testCalibration } from './kinds/calibration.ts';
import { testExpert } from './kinds/expert.ts';
import { testFeature } from './kinds/feature.ts';
import { testGate } from './kinds/gate.ts';
import { testInput } from './kinds/input.ts';
import { testLoss } from './kinds/loss.ts';
import { testMetric } from './kinds/metric.ts';
import { testModel } from './kinds/network.ts';
import { testOptimizer } from './kinds/optimizer.ts';
import { testPenalty } from './kinds/penalty.ts';
import { testPooling } from './kinds/pooling.ts';
import { testReader } from './kinds/reader.ts';
import { testSchedule } from './kinds/schedule.ts';
import { testLabel } from './kinds/label.ts';
import { testPrediction } from './kinds/prediction.ts';
import { testSearch } from './kinds/search.ts';
import { testTask } from './kinds/task.ts';
import { testThreshold } from './kinds/threshold.ts';
import { testTracker } from './kinds/tracker.ts';
import { tinyExpert } from './tiny/parts.ts';
import type { everyTest } from './tester.ts';

interface KindTest {
  readonly test: { cases(component: never, options?: object): Case[] };
  /** What is tested of a configuration. Default: its spec. */
  readonly of?: (name: string, config: object) => unknown;
  /** The examples of a definition that has none. Default: the defaults of its options. */
  readonly derived?: (name: string) => readonly ComponentExample[];
}

/** The variants of a definition, which comparisons build. */
const variants = <V>({ kind, name }: ComponentName): readonly V[] => {
  const { variant, variants = {} } = aboutOf(kind, name);
  return [...(variant ? [variant] : []), ...Object.values(variants)] as unknown as readonly V[];
};

const WIDTH = 4;
const sizeFor = (tasks: readonly string[]): NetworkSize => ({
  ...{ tasks, widths: [WIDTH, WIDTH], experts: 6 }, // a multiple of one, two and three tasks, and enough to share some
  expert: (widths) => tinyExpert({ units: widths.at(-1) ?? WIDTH }),
});

/** A configuration that depends on the tasks of a model. */
type OfTasks = (tasks: readonly string[]) => object;

/** The test of each kind. */
const TESTS: Readonly<Record<ComponentKind, KindTest>> = {
  expert: {
    test: testExpert,
    derived: (name) =>
      variants<{ layer(width: number): object }>({ kind: 'expert', name }).map((each) => ({
        ...{ config: each.layer(WIDTH), outputDim: WIDTH },
      })),
  },
  gate: {
    test: testGate,
    derived: (name) =>
      variants<{ config(reads: string): object }>({ kind: 'gate', name }).map((each) => ({
        config: each.config('unit'),
      })),
  },
  network: {
    test: testModel,
    of: (name, config) =>
      typeof config === 'function'
        ? (tasks: readonly string[]) => createSpec('network', name, (config as OfTasks)(tasks))
        : createSpec('network', name, config),
    derived: (name) =>
      variants<{ config(size: NetworkSize): object }>({ kind: 'network', name }).map((each) => ({
        config: (tasks: readonly string[]) => each.config(sizeFor(tasks)),
      })),
  },
  input: { test: testInput },
  pooling: { test: testPooling },
  penalty: { test: testPenalty },
  loss: { test: testLoss },
  calibration: { test: testCalibration, derived: (name) => [{ config: fittedSpec(name).config as object }] },
  threshold: { test: testThreshold },
  task: { test: testTask, of: declareTask },
  feature: { test: testFeature, of: declareFeature },
  balancer: {
    test: testBalancer,
    derived: (name) =>
      variants<{ config?: object }>({ kind: 'balancer', name }).map(({ config }) => ({ config: config ?? {} })),
  },
  optimizer: { test: testOptimizer, derived: () => [{ config: { learningRate: 0.1 } }] },
  schedule: { test: testSchedule },
  metric: { test: testMetric, of: (name) => findMetric(name) },
  search: { test: testSearch },
  label: { test: testLabel, of: (name) => name },
  prediction: { test: testPrediction, of: (name) => name },
  reader: { test: testReader },
  tracker: { test: testTracker },
};

/** The components that a module exports, and all others that their packages define. */
function componentsIn(module: object): readonly ComponentName[] {
  const exported = Object.values(module)
    .map(definedBy)
    .filter((each) => each !== undefined);
  const keyOf = ({ kind, name }: ComponentName) => `${kind}:${name}`;
  const keys = new Set(exported.map(keyOf));
  const packages = new Set(exported.map(({ kind, name }) => aboutOf(kind, name).package));
  const found = allComponents().filter((each) => keys.has(keyOf(each)) || (each.package && packages.has(each.package)));
  if (found.length > 0) return found;
  return fail({
    expected: 'a module that exports components',
    received: Object.keys(module).join(', ') || 'none',
    fix: "Pass the module itself: import * as components from './index.ts'.",
  });
}

/** The cases of a component, with each of its examples. Without an example that can be built, there is one case, which fails. */
function casesOfComponent({ kind, name }: ComponentName, options: object): Case[] {
  const { test, of = (each, config) => createSpec(kind, each, config), derived } = TESTS[kind];
  try {
    const { examples = derived?.(name) ?? [] } = aboutOf(kind, name);
    return (examples.length > 0 ? examples : [{}]).flatMap(({ config = {}, ...own }) => {
      const label = examples.length > 1 ? specText(name, config as Readonly<Record<string, unknown>>) : name;
      return test.cases(of(name, config) as never, { ...options, ...own, name: label });
    });
  } catch (error) {
    const why = { expected: 'an example that can be built', seen: `an error: ${(error as Error).message}` };
    const fix = 'Add `examples: [{ config: { … } }]` to its definition, with the options of its test beside `config`.';
    return casesOf(`${kind} ${name}`, { 'it is built from an example': () => broken({ ...why, fix }) });
  }
}

/** The options of {@link testComponents}: those of every kind's test. */
export type TestComponentsOptions = Omit<Written<typeof everyTest>, 'name'>;

const allCases = (module: object, { runner: _, ...options }: TestComponentsOptions = {}): Case[] =>
  componentsIn(module).flatMap((each) => casesOfComponent(each, options));

/**
 * Tests all components that a package defines, each by the test of its kind. A component is tested with the `examples` of its definition,
 * else with its variants, else with the defaults of its options. If none of them can be built, its test fails, and says so.
 *
 * @param module the exports of the package, or of a file
 * @throws PolytaskError for a module without a component, and when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * import * as components from './index.ts';
 * testComponents(components, { module: new URL('./index.ts', import.meta.url).href, runner });
 */
export function testComponents(module: object, options: TestComponentsOptions = {}): void {
  for (const cases of groupBy(allCases(module, options), ({ subject }) => subject).values())
    registerCases(cases, options.runner);
}

/** The promises, one for each case, for a runner that has no `describe` and `it`. */
testComponents.cases = allCases;
