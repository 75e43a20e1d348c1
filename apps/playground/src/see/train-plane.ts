import { adatt } from '@polytask/adatt';
import { mmoe, sharedBottom, singleTask } from '@polytask/baselines';
import {
  binary,
  denseSchema,
  emptyBatch,
  labelsOf,
  layoutOf,
  multiTaskModel,
  type MultiTaskModel,
  type NetworkSpec,
} from '@polytask/core';
import { type EncodedTable, encodedTable } from '@polytask/data';
import { mlp } from '@polytask/experts';
import type { FusionLevelWeights } from '@polytask/study';
import { adamW, cosine, evaluateGates, fit } from '@polytask/training';
import { CELLS, type PlanePoints, type PlaneSettings, samplePlane, SIDE, TASKS } from './plane-tasks.ts';
import type { PlaneModel } from './plane-models.ts';

const experts = mlp([16, 8], { activation: 'tanh' });

const NETWORKS: Readonly<Record<PlaneModel, NetworkSpec>> = {
  'single-task': singleTask({ levels: [{ experts }] }),
  'shared-bottom': sharedBottom({ levels: [{ experts }] }),
  mmoe: mmoe({ levels: [{ experts, pool: 3 }] }),
  adatt: adatt({ levels: [{ experts, perTask: 1, shared: 1 }] }),
};

/** A model while it trains. */
export interface PlaneFrame {
  readonly model: PlaneModel;
  /** 1-based. */
  readonly epoch: number;
  /** The probability of each task in all cells, [tasks][SIDE²]. */
  readonly maps: readonly Float32Array[];
  readonly fusion: readonly FusionLevelWeights[];
}

export interface PlaneTraining {
  readonly settings: PlaneSettings;
  readonly models: readonly PlaneModel[];
  readonly epochs: number;
}

/** Between two frames of a model. */
const EPOCHS_PER_FRAME = 2;

/** Whether some weights of a model depend on the row or are trained. Those of others are measured once. */
const hasGates = (levels: readonly FusionLevelWeights[]) =>
  levels.some(({ gated }) => gated.flat().some((w) => w !== 0));

/** Stretches the square, so that a network of this size follows the stripes within some hundred steps. */
const STRETCH = 2.5;

const schema = denseSchema(2, { [TASKS[0]]: binary(), [TASKS[1]]: binary() });

const stretched = (points: Float32Array) => points.map((value) => STRETCH * value);

/** Rows with a label of one task each. */
export function rowsOf(tasks: readonly PlanePoints[]): EncodedTable<typeof schema.tasks> {
  const size = tasks.reduce((sum, { labels }) => sum + labels.length, 0);
  const batch = emptyBatch(size, layoutOf(schema), TASKS);
  batch.weights.fill(0);
  let row = 0;
  tasks.forEach(({ points, labels }, task) => {
    batch.numeric.set(stretched(points), 2 * row);
    const own = labelsOf(batch, TASKS[task]!);
    own.labels.set(labels, row);
    own.weights.fill(1, row, row + labels.length);
    row += labels.length;
  });
  return encodedTable(schema, batch);
}

const cells = encodedTable(schema, {
  ...emptyBatch(SIDE * SIDE, layoutOf(schema), TASKS),
  numeric: stretched(CELLS),
});

/** The mean weights of the experts over the plane. */
async function fusionOf(model: MultiTaskModel<typeof schema.tasks>): Promise<FusionLevelWeights[]> {
  const levels = await evaluateGates(model, cells, { engine: 'eager' });
  return levels.map(({ weights, experts: names }) => ({
    ...weights,
    ...{ outputs: [...weights.outputs], experts: [...names] },
  }));
}

/**
 * Trains models side by side, each for all epochs with all rows in a step.
 *
 * @param onFrame called after the last epoch and some before. The training waits for the answer; `'stop'` ends it
 */
export async function trainPlane(
  { settings, models, epochs }: PlaneTraining,
  onFrame: (frame: PlaneFrame) => Promise<'stop' | void>,
): Promise<void> {
  const rows = rowsOf(samplePlane(settings));
  const train = async (name: PlaneModel) => {
    const model = multiTaskModel({ schema, network: NETWORKS[name], seed: settings.seed });
    let fusion: readonly FusionLevelWeights[] | undefined;
    try {
      await fit(model, rows, {
        ...{ epochs, batchSize: rows.size, engine: 'eager', progress: false },
        optimizer: adamW(cosine(0.03, { epochs })),
        callbacks: {
          async onEpochEnd({ epoch }) {
            if (epoch % EPOCHS_PER_FRAME > 0 && epoch < epochs) return;
            const predictions = model.predict(cells);
            if (fusion === undefined || hasGates(fusion)) fusion = await fusionOf(model);
            const maps = TASKS.map((task) => predictions[task]!);
            return onFrame({ model: name, epoch, maps, fusion });
          },
        },
      });
    } finally {
      model.dispose();
    }
  };
  await Promise.all(models.map(train));
}
