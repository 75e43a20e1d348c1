import { recordOf, sum } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { joinBatches, type Batch } from '../features/batch.ts';
import { featureTensors } from '../features/batch-tensors.ts';
import { BATCH_PARTS } from '../features/layout.ts';
import { fusionOf, sharesLayers } from '../fusion/network.ts';
import { unstack } from '../layers/operations.ts';
import type { ExpertsTap } from '../layers/layer.ts';
import type { MultiTaskModel } from '../model/model.ts';
import { randomStream } from '../random/random.ts';
import { copiedRows } from './background.ts';
import { enumerated, isEnumerated, sampled, shapley, type Coalition } from './coalitions.ts';
import type { ExplainedRow, Explaining } from './explaining.ts';

/** Rows of a run of the model, those of all members counted. */
const RUN = 2048;

/** A row of a run: a row of `joined`, in which the features of a coalition have the values of another one. */
interface Mixed {
  readonly background: number;
  readonly coalition: Coalition;
}

/** The values of coalitions of features and of experts, by running the model on mixed rows. */
export async function byRuns(explaining: Explaining) {
  const { model, features, rows, background, scales } = explaining;
  const joined = joinBatches([rows, background!.batch], model.layout);
  const experts = lastExperts(model);
  const explained: ExplainedRow[] = [];
  for (let row = 0; row < rows.size; row++) {
    const ofFeatures = await valuesOf(explaining, row, features.length, 'features', (part) => ({
      batch: mixedRows(explaining, joined, row, part),
      from: 0,
    }));
    const ofExperts =
      experts &&
      (await valuesOf(explaining, row, 1 + experts.units.length, 'experts', (part) =>
        mixedExperts(explaining, joined, row, part, experts),
      ));
    let at = 0;
    explained.push(
      scales.map(({ names }) =>
        Array.from({ length: Math.max(1, names.length) }, () => {
          const own = ofExperts?.(at).contributions;
          const shares = own && { gates: own[0]!, units: recordOf(experts!.units, (_, u) => own[1 + u]!) };
          return { ...ofFeatures(at++), ...(shares && { experts: shares }) };
        }),
      ),
    );
  }
  return { method: isEnumerated(features.length) ? ('enumeration' as const) : ('sampling' as const), explained };
}

interface RunRows {
  readonly batch: Batch;
  /** The rows before it are no coalitions. */
  readonly from: number;
  readonly experts?: ExpertsTap;
}

/** The Shapley values of each number of the predictions, for players whose coalitions are rows of runs. */
async function valuesOf(
  { model, background, scales, seed, signal }: Explaining,
  row: number,
  players: number,
  name: string,
  runOf: (part: readonly Mixed[]) => RunRows,
) {
  const all = isEnumerated(players) ? enumerated(players) : undefined;
  const plans = Array.from(
    { length: background!.batch.size },
    (_, b) => all ?? sampled(players, randomStream(seed, `explanation ${name} ${row} ${b}`)),
  );
  const mixed = plans.flatMap(({ coalitions }, b) => coalitions.map((coalition) => ({ background: b, coalition })));
  const width = sum(scales, ({ names }) => Math.max(1, names.length));
  const values = new Float64Array(mixed.length * width);
  const step = Math.max(1, Math.floor(RUN / model.members));
  for (let from = 0; from < mixed.length; from += step) {
    await new Promise((resolve) => setTimeout(resolve)); // lets other work run
    signal?.throwIfAborted();
    values.set(await numbersOf(model, scales, runOf(mixed.slice(from, from + step))), from * width);
  }
  const { length } = plans[0]!.coalitions; // of each plan
  return (number: number) =>
    shapley(plans, players, background!.strata, (b, c) => values[(b * length + c) * width + number]!);
}

/** The numbers of all tasks on their scales, [rows × numbers]. */
async function numbersOf(
  model: MultiTaskModel,
  scales: Explaining['scales'],
  { batch, from, experts }: RunRows,
): Promise<Float64Array> {
  const tensors = tf.tidy(() => {
    const features = featureTensors(batch, model.layout, model.store.tables());
    const { logits } = model.forward(features, experts && { experts });
    return model.taskNames.map((task) => logits[task]!);
  });
  const byTask = await Promise.all(
    tensors.map(async (logits, t) => {
      const numbers = scales[t]!.of(await logits.data<'float32'>(), logits.shape[1]);
      return { numbers, width: numbers.length / batch.size };
    }),
  );
  tf.dispose(tensors);
  const width = sum(byTask, (each) => each.width);
  const all = new Float64Array((batch.size - from) * width);
  let column = 0;
  for (const { numbers, width: own } of byTask) {
    for (let row = from; row < batch.size; row++)
      all.set(numbers.subarray(row * own, (row + 1) * own), (row - from) * width + column);
    column += own;
  }
  return all;
}

/** Background rows in which the features of each coalition have the values of the row. */
function mixedRows({ model, rows, features }: Explaining, joined: Batch, row: number, part: readonly Mixed[]): Batch {
  const batch = copiedRows(
    joined,
    part.map(({ background }) => rows.size + background),
  );
  part.forEach(({ coalition }, i) =>
    features.forEach(({ parts }, f) => {
      if (coalition[f] === 0) return;
      for (const { part: name, column, width } of parts) {
        const all = BATCH_PARTS[name].width(model.layout);
        const from = row * all + column;
        batch[name].set(joined[name].subarray(from, from + width), i * all + column);
      }
    }),
  );
  return batch;
}

interface LastExperts {
  /** The level, as taps name it. */
  readonly place: string;
  readonly units: readonly string[];
  /** The index of each expert's unit. */
  readonly unitOf: readonly number[];
}

/** The experts of the last level, by unit. Undefined without levels that tasks share, and with one unit. */
function lastExperts({ config, network, schema, taskNames }: MultiTaskModel): LastExperts | undefined {
  const last = network.levels.at(-1);
  const declared = [config.network, taskNames, schema.context] as const;
  if (!last || !fusionOf(...declared) || !sharesLayers(...declared)) return undefined;
  const owners = last.experts.map(({ unit, kind }) => (kind === 'own' ? unit : kind));
  const units = [...new Set(owners)];
  if (units.length < 2) return undefined;
  return {
    place: `levels.${network.levels.length - 1}`,
    units,
    unitOf: owners.map((owner) => units.indexOf(owner)),
  };
}

/**
 * Rows whose gates of the last level, and all before it, read the row or a background row, and whose experts there have the outputs of the
 * row or of the background row. Player 0 is the gates, the others are units. First come the row and all background rows as they are.
 */
function mixedExperts(
  { model, rows, background }: Explaining,
  joined: Batch,
  row: number,
  part: readonly Mixed[],
  { place, unitOf, units }: LastExperts,
): RunRows {
  const whole = [row, ...Array.from({ length: background!.batch.size }, (_, b) => rows.size + b)];
  const gates = part.map(({ background: b, coalition }) => (coalition[0] ? row : rows.size + b));
  const batch = copiedRows(joined, [...whole, ...gates]);
  /** Where each row takes the outputs of a unit's experts from. */
  const sources = units.map((_, u) => {
    const own = [...whole.keys(), ...part.map(({ background: b, coalition }) => (coalition[1 + u] ? 0 : 1 + b))];
    return Array.from({ length: model.members }, (_, m) => own.map((at) => m * batch.size + at)).flat();
  });
  return {
    batch,
    from: whole.length,
    experts(outputs, level) {
      if (level !== place) return outputs;
      const all = unstack(outputs).map((own, e) => tf.gather(own, tf.tensor1d(sources[unitOf[e]!]!, 'int32')));
      return tf.stack(all) as tf.Tensor3D;
    },
  };
}
