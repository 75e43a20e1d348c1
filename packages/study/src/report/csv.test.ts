import { binary, multiclass } from '@polytask/core';
import { multiLabel, survival } from '@polytask/core/tasks';
import type { TaskPredictions } from '@polytask/training';
import { expect, test } from 'vitest';
import { predictionsCsv } from './csv.ts';

const predicted = (rows: number[], labels: number[], predictions: number[]): TaskPredictions => ({
  rows: Uint32Array.from(rows),
  labels: Float64Array.from(labels),
  weights: Float64Array.from(labels, () => 1),
  predictions: Float64Array.from(predictions),
});

test('a file of predictions has a label for each prediction of several labels, and none where a row has no label', () => {
  const tasks = {
    tags: multiLabel({ labels: ['red', 'blue', 'green'] }),
    level: multiclass({ classes: ['low', 'high'] }),
    stays: survival({ from: 'days', event: 'left', cuts: [10, 20] }),
  };
  const written = predictionsCsv(
    tasks,
    {
      tags: predicted([0, 2], [5, 0], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), // 5: red and green
      level: predicted([1], [1], [0.3, 0.7]),
      stays: predicted([0, 1], [12, -15], [0.9, 0.8, 0.7, 0.6]),
    },
    ['a.csv, line 2', 'a.csv, line 3', 'a.csv, line 4'],
  );
  expect(written.trim().split(/\r?\n/)).toEqual([
    'row,tags_red.label,tags_blue.label,tags_green.label,tags.weight,tags_red,tags_blue,tags_green,' +
      'level.label,level.weight,level_low,level_high,stays.label,stays.weight,stays_10,stays_20',
    '"a.csv, line 2",1,0,1,1,0.1,0.2,0.3,,,,,12,1,0.9,0.8',
    '"a.csv, line 3",,,,,,,,high,1,0.3,0.7,-15,1,0.7,0.6',
    '"a.csv, line 4",0,0,0,1,0.4,0.5,0.6,,,,,,,,',
  ]);
});

test('beside the predictions of a task row, places have another column', () => {
  const written = predictionsCsv({ row: binary() }, { row: predicted([0], [1], [0.7]) }, ['a.csv, line 2']);
  expect(written.trim().split(/\r?\n/)).toEqual(['place,row.label,row.weight,row', '"a.csv, line 2",1,1,0.7']);
});
