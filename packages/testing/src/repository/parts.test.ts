import { componentsOf, type Spec } from '@polytask/core';
import { isotonic, platt, temperature } from '@polytask/core/calibration';
import { transformer } from '@polytask/core/features';
import { cosine, cost, exponentialDecay, bestF1, piecewise, rate, warmup } from '@polytask/training';
import { gridSearch, halving, randomSearch, tpe } from '@polytask/training/search';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { untested } from '../cases/case.ts';
import { testCalibration } from '../kinds/calibration.ts';
import { testPooling } from '../kinds/pooling.ts';
import { testSchedule } from '../kinds/schedule.ts';
import { testSearch } from '../kinds/search.ts';
import { testThreshold } from '../kinds/threshold.ts';

// What models, tasks and trainings are made of beside experts, gates and their like. A new one is a row here.

const CALIBRATIONS = [
  platt({ slope: 0.8, offset: -0.2 }),
  temperature({ temperature: 1.5 }),
  isotonic({ x: [-1, 0, 2], y: [-0.5, 0.1, 1.2], ends: [1, 1] }),
];
const THRESHOLDS = [bestF1(), cost({ falsePositive: 1, falseNegative: 5 }), rate({ share: 0.3 })];
const SCHEDULES = [
  cosine(0.1, { epochs: 2 }),
  exponentialDecay(0.1, { rate: 0.5, epochs: 1 }),
  piecewise(0.1, [{ value: 0.01, after: { epochs: 1 } }]),
  warmup(0.1, { steps: 3 }),
];
const SEARCHES = [randomSearch(), halving(), gridSearch(), tpe({ startup: 5 }), tpe({ batch: 4 })];
const POOLINGS: readonly Spec<'pooling'>[] = [
  ...componentsOf('pooling')
    .filter((each) => each.package?.startsWith('@polytask/') && each.name !== 'transformer')
    .map(({ name }) => ({ kind: 'pooling', name, config: {} }) as const),
  transformer({ heads: 1, blocks: 2, hidden: 3 }) as Spec<'pooling'>,
];

CALIBRATIONS.forEach((spec, row) => testCalibration(spec, { runner: dealt(runner, row) }));
THRESHOLDS.forEach((spec, row) => testThreshold(spec, { runner: dealt(runner, row) }));
SCHEDULES.forEach((spec, row) => testSchedule(spec, { runner: dealt(runner, row) }));
SEARCHES.forEach((spec, row) => testSearch(spec, { name: `${spec.name} ${row}`, runner: dealt(runner, row) }));
POOLINGS.forEach((spec, row) => testPooling(spec, { runner: dealt(runner, row) }));

runner.it('has a row for every calibration, threshold, schedule and search', () => {
  runner.expect(untested('calibration', CALIBRATIONS, ['@polytask/core/calibration'])).toEqual([]);
  runner.expect(untested('threshold', THRESHOLDS, ['@polytask/training'])).toEqual([]);
  runner.expect(untested('search', SEARCHES, ['@polytask/training/search'])).toEqual([]);
  runner.expect(untested('schedule', SCHEDULES, ['@polytask/training'])).toEqual([]);
});
