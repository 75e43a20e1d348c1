import { forInference } from '@polytask/compile';
import { taskScores, type FeatureTensors, type MultiTaskModel, type Task, type Tasks } from '@polytask/core';
import { traceModel, type Snapshot } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';

/** The only output of the graph: the concatenated scores of all tasks. */
export const SCORES = 'scores';

/** The place of a task's scores in the output: `width` numbers for each row, from index `before` × rows. */
export interface ScorePlace {
  readonly task: string;
  readonly before: number;
  readonly width: number;
}

/** The places of all tasks. Binary tasks come first, so that the graph needs one sigmoid for all of them. */
export function scorePlaces(tasks: Tasks): ScorePlace[] {
  const isBinary = ([, task]: [string, Task]) => task.kind === 'binary';
  const entries = Object.entries(tasks);
  let before = 0;
  return [...entries.filter(isBinary), ...entries.filter((entry) => !isBinary(entry))].map(([task, kind]) => {
    const place = { task, before, width: widthOf(kind) };
    before += place.width;
    return place;
  });
}

interface PredictGraph {
  /** An ONNX file with the parameters. */
  readonly file: Uint8Array;
  /** Bytes of the weights of matrix products, which every run reads completely. Embedding tables don't count. */
  readonly weightBytes: number;
}

/**
 * Writes the predictions of a model for a fixed batch size as an ONNX file.
 *
 * @param threads how many threads run an operation, if that is known
 */
export function predictGraph<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: number,
  parameters: Snapshot,
  threads: number | undefined,
): PredictGraph {
  const tasks: Tasks = model.schema.tasks;
  const places = scorePlaces(tasks);
  const flat = (x: tf.Tensor) => tf.reshape(x, [-1]);
  const forward = (batch: FeatureTensors) => {
    const logits: Readonly<Record<string, tf.Tensor2D>> = model.forward(batch).logits;
    const binary = places.filter(({ task }) => tasks[task]!.kind === 'binary').map(({ task }) => flat(logits[task]!));
    const others = places.slice(binary.length).map(({ task }) => flat(scoreOf(tasks[task]!, logits[task]!)));
    return { [SCORES]: tf.concat([...(binary.length > 0 ? [tf.sigmoid(tf.concat(binary))] : []), ...others]) };
  };
  const { file, recorded } = traceModel(model, ({ batch }) => forward(batch), {
    rows,
    labeled: false,
    threads,
    rewrite: (plain) => forInference(plain, parameters, { cpu: true }),
  });
  const operands = recorded.graph.nodes.flatMap(({ op, inputs }) => (op === 'MatMul' || op === 'Gemm' ? inputs : []));
  const weightBytes = operands.reduce((sum, each) => sum + ('constant' in each ? each.constant!.byteLength : 0), 0);
  return { file, weightBytes };
}

/** The predictions of a task from its logits: probabilities [batch] or [batch, classes], or numbers [batch]. */
export function scoreOf(task: Task, logits: tf.Tensor2D): tf.Tensor {
  const scores = taskScores(task, logits);
  return task.kind === 'multiclass' ? scores : tf.reshape(scores, [-1]);
}

/** How many numbers a row's prediction has. */
const widthOf = (task: Task): number => (task.kind === 'multiclass' ? task.classes!.length : 1);
