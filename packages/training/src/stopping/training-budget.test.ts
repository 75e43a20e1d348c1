import { expect, it } from 'vitest';
import { trainingBudget } from './early-stopping.ts';

it.each([
  // rows, batch, epochs, patience; steps an epoch
  [100, 32, 100, 125], // 4
  [700, 32, 100, 23], // 22
  [12_000, 128, 100, 6], // 94
  [30_000, 256, 85, 5], // 118
  [180_000, 1024, 57, 3], // 176
  [1_000_000, 1024, 11, 3], // 977
  [20_000_000, 1024, 10, 3],
])('fits %i rows', (rows, batchSize, epochs, patience) => {
  expect(trainingBudget(rows)).toEqual({ batchSize, epochs, patience });
});
