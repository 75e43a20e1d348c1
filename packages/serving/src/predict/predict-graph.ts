import { forInference } from '@polytask/compile';
import { taskScores, type FeatureTensors, type MultiTaskModel, type Task, type Tasks } from '@polytask/core';
import { traceModel, type Snapshot } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs';

/** The one result of the graph: all tasks' scores, one after the other. */
export const SCORES = 'scores';

/** Where a task's numbers stand in the result: from `before` times the rows on, `width` for each row. */
export interface ScorePlace {
  readonly task: string;
  readonly before: number;
  readonly width: number;
}

/** Binary tasks first, so that one sigmoid does for all of them. */
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

/** What `predictGraph` gives. */
export interface PredictGraph {
  /** An ONNX file, the parameters inside. */
  readonly file: Uint8Array;
  /** Bytes of the weights of its products: what every run reads, unlike tables, of which it reads rows. */
  readonly weightBytes: number;
}

/**
 * A model's predictions for a batch of a fixed size as an ONNX file.
 *
 * @param threads how many threads will run an operation, where that is known
 */
export function predictGraph<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: number,
  parameters: Snapshot,
  threads: number | undefined,
): PredictGraph {
  const tasks: Tasks = model.schema.tasks;
  const places = scorePlaces(tasks);
  const forward = (batch: FeatureTensors) => {
    const logits: Readonly<Record<string, tf.Tensor2D>> = model.forward(batch).logits;
    const flat = (x: tf.Tensor) => tf.reshape(x, [-1]);
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

/** A task's logits as `model.predict` gives them: probabilities [batch] or [batch, classes], or a number [batch]. */
export function scoreOf(task: Task, logits: tf.Tensor2D): tf.Tensor {
  const scores = taskScores(task, logits);
  return task.kind === 'multiclass' ? scores : tf.reshape(scores, [-1]);
}

/** How many numbers a row's prediction has. */
export const widthOf = (task: Task): number => (task.kind === 'multiclass' ? task.classes!.length : 1);
