import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { adamW } from '../optimizers/adam.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

const one = { dtype: 'float32' as const, shape: [1], data: Float32Array.of(3) };
const sum = { value: 0, weight: 0 };

/** A checkpoint with names of optimizers and scores. */
const checkpointOf = (optimizer: object, slot: string, measure: string): Checkpoint =>
  ({
    identity: { options: { optimizer, stopping: { ...earlyStopping(), metric: measure } } },
    random: {},
    state: {
      ...{ epoch: 2, batch: 0, step: 4, learningRate: 0.1, seconds: 1 },
      totals: { loss: sum, tasks: {}, auxiliary: {} },
      history: [
        {
          ...{ epoch: 1, loss: 1, losses: {}, auxiliary: {}, learningRate: 0.1, steps: 4, seconds: 1 },
          validation: { income: { auc: 0.7, [measure]: 0.8 } },
        },
      ],
    },
    parameters: { w: one },
    slots: { [slot]: one },
    best: undefined,
    changes: {},
  }) as unknown as Checkpoint;

test('a checkpoint of an earlier version has the names of today: its optimizer, slots, early stopping and scores', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'polytask-'));
  try {
    const { config } = adamW(0.1);
    await writeCheckpoint(
      directory,
      checkpointOf({ kind: 'optimizer', name: 'adamW', config }, 'adamW.m.w', 'relativeError'),
    );
    const today = checkpointOf(adamW(0.1), 'adamw.m.w', 'normalizedLoss');
    expect(await readCheckpoint(directory)).toEqual(today);
  } finally {
    await rm(directory, { recursive: true });
  }
});
