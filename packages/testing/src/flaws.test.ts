import { expect, test } from 'vitest';
import { some } from '../../../cases.base.ts';
import { labels, predictions } from './fixtures/flawed-labels.ts';
import * as parts from './fixtures/flawed-parts.ts';
import { readers, trackers } from './fixtures/flawed-places.ts';
import { searches } from './fixtures/flawed-searches.ts';
import { balancers, optimizers } from './fixtures/flawed-training.ts';
import * as flaws from './fixtures/flaws.ts';
import type { Case } from './cases/case.ts';
import {
  testBalancer,
  testCalibration,
  testExpert,
  testFeature,
  testGate,
  testInput,
  testLabel,
  testLoss,
  testMetric,
  testModel,
  testOptimizer,
  testPenalty,
  testPooling,
  testPrediction,
  testReader,
  testSchedule,
  testSearch,
  testTask,
  testThreshold,
  testTracker,
} from './kinds.ts';
import { failing } from './testing/failing.ts';

const { experts, gates, networks, inputs, losses, groupLosses, tasks, features } = flaws;
const { metrics } = parts;

const module = new URL('fixtures/flaws.ts', import.meta.url).href;
const NEW_PROCESS = 'a new process trains and predicts the same';
const PREDICTS = 'it predicts what it trains';
const ADDED = 'its losses do not grow with the batch';
const STEADY = 'all chance comes from the seed, however often it ran before';
const LABELS = 'labels change no outputs';
const MEANING = 'the outputs of its least loss predict the label';
const BUDGET = 'proposals are of the space, and within the budget';
const SEED = 'all chance comes from its seed, also while another search runs';
const WEIGHTS = 'rows count by their weights, in any order';
const DIRECTION = 'better predictions are better by its direction';
const SPEC = 'its spec is plain JSON and says all';
const CHOICE = 'it chooses a probability by the labels';
const SLOTS = 'empty slots change nothing, and entries count';
const PARAMETERS = 'it is of the parameters alone';
const ROWS = 'its rows are those of the file';
const STARTED = 'a run begins with its name and parameters';
const REPETITION = 'a weight is a repetition';

const values = { values: [1, 5, 5.5, null, -3] };
const x = { features: { x: { kind: 'vector', width: 3 } } } as const;

const table = {
  file: 'id;age\n007;41\n008;17\n',
  rows: [{ id: '007', age: '41' }, { id: '008', age: '17' }],
  others: [{ file: 'state;id\nUtah;9\n', rows: [{ state: 'Utah', id: '9' }] }],
}; // prettier-ignore
const { others: _, ...only } = table;
const semicolon = { between: ';' };
const place = { directory: '{directory}' };

/** A flaw, and a case that finds it. */
const FLAWS: readonly (readonly [flaw: string, found: string, cases: () => Case[]])[] = [
  ['an expert that keeps what it saw first', NEW_PROCESS, () => testExpert.cases(experts.cached(), { module })],
  ['an expert that predicts twice', PREDICTS, () => testExpert.cases(experts.doubled())],
  ['an expert that adds a sum', ADDED, () => testExpert.cases(experts.summed())],
  ['an expert that tires', STEADY, () => testExpert.cases(experts.tired())],
  ['an expert that reads labels', LABELS, () => testExpert.cases(experts.informed())],
  ['a gate that is sharper when it predicts', PREDICTS, () => testGate.cases(gates.sharper())],
  ['a gate that adds a sum', ADDED, () => testGate.cases(gates.summed())],
  ['a gate that counts the gates of the process', NEW_PROCESS, () => testGate.cases(gates.counted(), { module })],
  ['a network that reads labels', LABELS, () => testModel.cases(networks.informed())],
  ['a network that predicts twice', PREDICTS, () => testModel.cases(networks.doubled())],
  ['a network that counts networks', 'its spec is plain JSON and says all', () => testModel.cases(networks.counted())],
  ['an input that remembers', NEW_PROCESS, () => testInput.cases(inputs.remembering(), { module })],
  ['an input without its last column', 'gradients reach every weight', () => testInput.cases(inputs.short(), x)],
  [
    'an input that reads the batch',
    'a row has the same outputs alone and in a batch',
    () => testInput.cases(inputs.batched(), x),
  ],
  ['a loss that ignores the label', MEANING, () => testLoss.cases(losses.deaf())],
  ['a loss beside the label', MEANING, () => testLoss.cases(losses.beside())],
  ['a loss a little beside the label', MEANING, () => testLoss.cases(losses.near())],
  [
    'a loss with the wrong side',
    'it has the losses of its formula',
    () => testLoss.cases(losses.turned(), { values: [{ outputs: [1], label: 0, loss: Math.E - 2 }] }),
  ],
  ['a loss that is a constant', MEANING, () => testLoss.cases(losses.constant())],
  ['a loss of groups without weights', WEIGHTS, () => testLoss.cases(groupLosses.unweighted())],
  ['a loss of groups by squared weights', WEIGHTS, () => testLoss.cases(groupLosses.squared())],
  ['a loss of groups that weighs one row of two', WEIGHTS, () => testLoss.cases(groupLosses.oneSided())],
  ['a task that predicts twice the number', MEANING, () => testTask.cases(tasks.twice())],
  ['a task that falls', MEANING, () => testTask.cases(tasks.falling())],
  ['a task of yes and no that is turned', MEANING, () => testTask.cases(tasks.turned())],
  [
    'a task with a metric of nothing',
    'its first metric prefers the labels to a constant',
    () => testTask.cases(tasks.mismeasured()),
  ],
  ['a feature that remembers', NEW_PROCESS, () => testFeature.cases(features.remembering(), { ...values, module })],
  ['a feature that ignores counts', WEIGHTS, () => testFeature.cases(features.countless(), values)],
  ['a feature of the last row', WEIGHTS, () => testFeature.cases(features.last(), values)],
  [
    'a balancer that reads absent losses',
    'a task without labels changes nothing',
    () => testBalancer.cases(balancers.absent()),
  ],
  ['a balancer that ascends', 'tasks without a conflict all descend', () => testBalancer.cases(balancers.ascending())],
  ['a balancer that grows', 'its directions do not grow without end', () => testBalancer.cases(balancers.growing())],
  ['a balancer that counts in the module', SPEC, () => testBalancer.cases(balancers.counting())],
  ['an optimizer that tires', 'its spec is plain JSON and says all', () => testOptimizer.cases(optimizers.tired(0.3))],
  ['an optimizer that turns', 'it learns', () => testOptimizer.cases(optimizers.turning(0.3))],
  [
    'an optimizer with the wrong decays',
    'its steps do not grow when gradients fall',
    () => testOptimizer.cases(optimizers.swapped(0.03)),
  ],
  [
    'an optimizer that is not exact by rows',
    'a table with sparse updates trains as it says',
    () => testOptimizer.cases(optimizers.sparse(0.1)),
  ],
  ['a metric of the wrong direction', DIRECTION, () => testMetric.cases(metrics.upward)],
  ['a metric that counts rows', REPETITION, () => testMetric.cases(metrics.halfWeighted)],
  [
    'a metric of the first of equal rows',
    'rows count alike in any order and any updates',
    () => testMetric.cases(metrics.tied),
  ],
  ['a metric without predictions', 'it reads predictions', () => testMetric.cases(metrics.blind)],
  ['a calibration that is turned', 'rankings stay', () => testCalibration.cases(parts.calibrations.turned({ by: 0 }))],
  ['a calibration without weights', WEIGHTS, () => testCalibration.cases(parts.calibrations.unweighted({ by: 0 }))],
  ['a calibration that counts', SPEC, () => testCalibration.cases(parts.calibrations.counting({ by: 0 }))],
  ['a threshold of nothing', CHOICE, () => testThreshold.cases(parts.thresholds.constant())],
  ['a threshold without a worth', CHOICE, () => testThreshold.cases(parts.thresholds.undefined())],
  ['a threshold that counts', SPEC, () => testThreshold.cases(parts.thresholds.counting())],
  ['a schedule that counts', WEIGHTS, () => testSchedule.cases(parts.schedules.asked())],
  ['a schedule below 0', 'it moves', () => testSchedule.cases(parts.schedules.negative())],
  ['a schedule that stands still', 'it moves', () => testSchedule.cases(parts.schedules.still())],
  ['a search without its seed', SEED, () => testSearch.cases(searches.seedless())],
  ['a search that leaves the space', BUDGET, () => testSearch.cases(searches.outside())],
  ['a search that spends too much', BUDGET, () => testSearch.cases(searches.spending())],
  ['a search that repeats itself', 'nothing is trained twice', () => testSearch.cases(searches.repeating())],
  ['a search that counts for the process', SEED, () => testSearch.cases(searches.counting())],
  ['a pooling of slots', SLOTS, () => testPooling.cases(parts.poolings.slots())],
  ['a pooling that counts slots', SLOTS, () => testPooling.cases(parts.poolings.unguarded())],
  ['a pooling that sees no entry', SLOTS, () => testPooling.cases(parts.poolings.blind())],
  ['a penalty that grows', SPEC, () => testPenalty.cases(parts.penalties.growing())],
  ['a penalty without a gradient', PARAMETERS, () => testPenalty.cases(parts.penalties.flat())],
  ['a penalty that is infinite', PARAMETERS, () => testPenalty.cases(parts.penalties.infinite())],
  ['a reader that drops the last row', ROWS, () => testReader.cases(readers.unfinished(semicolon), table)],
  ['a reader that ignores its option', ROWS, () => testReader.cases(readers.deaf(semicolon), table)],
  ['a reader of ids as numbers', ROWS, () => testReader.cases(readers.numeric(semicolon), table)],
  ['a reader that remembers names', ROWS, () => testReader.cases(readers.remembering(semicolon), table)],
  ['a reader that reads a file once', ROWS, () => testReader.cases(readers.once(semicolon), table)],
  ['a reader that keeps a file', ROWS, () => testReader.cases(readers.caching(semicolon), table)],
  ['a reader that keeps its only file', ROWS, () => testReader.cases(readers.caching(semicolon), only)],
  [
    'a reader that counts no bytes',
    'a file past a limit is an error',
    () => testReader.cases(readers.lavish(semicolon), table),
  ],
  ['a tracker that does not wait', STARTED, () => testTracker.cases(trackers.hurried(place))],
  [
    'a tracker without the last step',
    'each step is there once it was logged',
    () => testTracker.cases(trackers.late(place)),
  ],
  ['a tracker without an end', 'nothing is written after the end', () => testTracker.cases(trackers.endless(place))],
  ['a tracker without names', STARTED, () => testTracker.cases(trackers.nameless(place))],
  [
    'a tracker that replaces runs',
    'two runs leave one another as they are',
    () => testTracker.cases(trackers.replacing(place)),
  ],
  ['a tracker that rounds', 'each step is there once it was logged', () => testTracker.cases(trackers.rounding(place))],
  [
    'a label that ignores weights',
    WEIGHTS,
    () => testLabel.cases('flawed/label-unweighted', { task: labels.unweighted() }),
  ],
  [
    'a label of empty cells',
    'empty cells are no label',
    () => testLabel.cases('flawed/label-zero', { task: labels.zero() }),
  ],
  [
    'a label of too many digits',
    'labels are the same after encoding and decoding',
    () => testLabel.cases('flawed/label-flagged', { task: labels.flagged() }),
  ],
  [
    'a label that finds more than it describes',
    'a fit finds what it describes',
    () => testLabel.cases('flawed/label-undescribed', { task: labels.undescribed() }),
  ],
  [
    'a label that remembers',
    WEIGHTS,
    () => testLabel.cases('flawed/label-remembering', { task: labels.remembering() }),
  ],
  [
    'a prediction that lacks a number',
    'who knows the label has its numbers',
    () => testPrediction.cases('flawed/prediction-short', { task: predictions.short() }),
  ],
  [
    'a prediction without a metric',
    'its normalized loss is 1 for the best constant, and less for the labels',
    () => testPrediction.cases('flawed/prediction-mismeasured', { task: predictions.mismeasured() }),
  ],
  [
    'a prediction that is no probability',
    'its numbers are what it says',
    () => testPrediction.cases('flawed/prediction-improbable', { task: predictions.improbable() }),
  ],
];

test.each(some(FLAWS, 5))('finds %s', async (_flaw, found, cases) => {
  expect(Object.keys(await failing(cases(), [found]))).toEqual([found]);
});

test('a module with tests is refused, which would start processes without end', async () => {
  const here = new URL('fixtures/tested-here.ts', import.meta.url).href;
  const found = await failing(testExpert.cases(experts.doubled(), { module: here }), [NEW_PROCESS]);
  expect(found[NEW_PROCESS]).toContain('received one with tests');
});
