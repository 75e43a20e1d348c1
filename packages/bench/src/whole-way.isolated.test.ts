import { ensemble, gradientBoosting, sharedBottom } from '@polytask/baselines';
import type { BalancerSpec } from '@polytask/balancing';
import { optionsOf } from '@polytask/components';
import {
  aboutOf,
  registered,
  createSpec,
  declareFeature,
  declareTask,
  featureKind,
  kindOf,
  lossesFor,
  type ComponentKind,
  type DeclaredFeature,
  type InputSpec,
  type Task,
} from '@polytask/core';
import * as data from '@polytask/data';
import { mlp } from '@polytask/experts';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { wholeWay, type WayParts } from '@polytask/testing';
import type { OptimizerSpec } from '@polytask/training';
import { describe, test } from 'vitest';
import { some } from '../../../cases.base.ts';
import './catalog.ts'; // registers all components

const NUMBERS = [0, 7, 1, 8, 2, 9, 3];
const HEIGHTS = [3, 1, 4, 1, 5];
const TEXTS = ['a red house', 'red', 'blue sky'];
const DAYS = ['2026-01-10', '2026-06-11', '2025-12-31', '2026-03-05'];

/** The kinds of feature with their options and cells. Others read {@link NUMBERS} or {@link TEXTS}. */
const FEATURES: Readonly<Record<string, readonly [DeclaredFeature, (readonly unknown[])?]>> = {
  numeric: [data.numeric({ log: true, indicator: true, values: { minCount: 1 } }), NUMBERS],
  categorical: [data.categorical(), TEXTS],
  hashed: [data.hashed({ buckets: 5 }), TEXTS],
  shared: [data.shared({ from: 'city', with: 'city' })],
  'multi-valued': [data.multiValued(), ['a|b', 'b', 'c|a|b']],
  'id-sequence': [data.idSequence({ from: 'tags', target: 'city' })],
  'side-column': [data.sideColumn({ of: 'tags', values: data.numeric() }), ['3', '3|1', '3|1|2']],
  vector: [data.vector({ columns: ['feature', 'height'] }), NUMBERS],
  buckets: [data.buckets({ count: 3 }), NUMBERS],
  cross: [data.cross({ of: ['city', 'device'], buckets: 20 })],
  date: [data.date(), DAYS],
  'piecewise-linear': [data.piecewiseLinear({ count: 3 }), NUMBERS],
};

/** What the components need that have no default. */
const CONFIGS: Readonly<Record<string, object>> = {
  pinball: { levels: [0.8] },
  'static-weights': { weights: 2 },
  'decaying-weights': { rate: 0.9 },
};

const network = sharedBottom({ levels: [{ experts: mlp([4]) }] });

/** A task before a fit, which finds its classes and labels. */
const declared = (kind: string, options: object = {}): Task =>
  declareTask(kind, { ...('cuts' in optionsOf('task', kind)! && { cuts: [10, 20] }), ...options });

/** The model of a component on its way. */
const PARTS: Readonly<Record<string, (name: string) => WayParts>> = {
  feature(name) {
    const cells = featureKind(name).cell === 'number' ? NUMBERS : TEXTS;
    const [feature, values = []] = FEATURES[name] ?? [declareFeature(name), cells];
    return { features: { feature }, columns: { feature: values, height: HEIGHTS } };
  },
  task: (name) => ({ task: declared(name) }),
  loss(name) {
    const kind = registered('task').find((each) => lossesFor(each).includes(name))!;
    const isDefault = kindOf(declared(kind)).loss().name === name;
    return { task: declared(kind, isDefault ? {} : { loss: createSpec('loss', name, CONFIGS[name]) }) };
  },
  balancer: (name) => ({ fit: { balancing: createSpec('balancer', name, CONFIGS[name]) as BalancerSpec } }),
  optimizer(name) {
    const spec = createSpec('optimizer', name) as OptimizerSpec;
    const input = createSpec('input', 'embed', { update: 'sparse' }) as InputSpec;
    return { input, fit: name.startsWith('row-wise') ? { tableOptimizer: spec } : { optimizer: spec } };
  },
  input(name) {
    if (name === 'binned') return gradientBoosting({ minDataInLeaf: 2 });
    if (name === 'periodic') {
      const input = createSpec('input', 'embed', { numbers: createSpec('input', name) }) as InputSpec;
      return { ...PARTS['feature']!('numeric'), input };
    }
    if (name !== 'ensemble') return { input: createSpec('input', name) as InputSpec };
    const input = createSpec('input', name, {
      members: [createSpec('input', 'embed'), createSpec('input', 'one-hot')],
    });
    return { input: input as InputSpec, network: ensemble({ members: [{ network }, { network }] }) };
  },
};

const ownNames = (kind: ComponentKind) =>
  registered(kind).filter((name) => aboutOf(kind, name).package?.startsWith('@polytask/'));

describe.each(Object.entries(PARTS))('from a CSV to HTTP and ONNX: %s', (kind, parts) => {
  test.each(some(ownNames(kind as ComponentKind), 1))('%s', (name) =>
    wholeWay({ network, ...parts(name) }, { serving, server }),
  );
});
