import { forInference, trace, writeModel } from '@polytask/compile';
import type { MultiTaskModel, Task, Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { parameterNames, type Snapshot } from '../graph/parameters.ts';
import { scoreOf, widthOf } from '../graph/scores.ts';
import { partSpecs, type PartSpec } from './batch-parts.ts';

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

export interface PredictGraphConfig {
  /** The batch size. */
  size: number;
  parts: readonly PartSpec[];
  parameters: Snapshot;
  /** How many threads will run an operation, where that is known. */
  threads: number | undefined;
}

/** What `predictGraph` gives. */
export interface PredictGraph {
  /** An ONNX file, the parameters inside. */
  readonly file: Uint8Array;
  /** Bytes of the weights of its products: what every run reads, unlike tables, of which it reads rows. */
  readonly weightBytes: number;
}

/** A model's predictions for a batch of a fixed size as an ONNX file. */
export function predictGraph<T extends Tasks>(model: MultiTaskModel<T>, config: PredictGraphConfig): PredictGraph {
  const { size, parts, parameters, threads } = config;
  const tasks: Tasks = model.schema.tasks;
  const places = scorePlaces(tasks);
  const forward = (...inputs: tf.Tensor[]) => {
    const given = Object.fromEntries(parts.map(({ part }, i) => [part, inputs[i]!]));
    const part = (name: PartSpec['part'], dtype: PartSpec['type']) =>
      (given[name] ?? tf.zeros([size, 0], dtype)) as tf.Tensor2D;
    const logits: Readonly<Record<string, tf.Tensor2D>> = model.forward({
      numeric: part('numeric', 'float32'),
      ids: part('ids', 'int32'),
      bagIds: part('bagIds', 'int32'),
      bagWeights: part('bagWeights', 'float32'),
    }).logits;
    const flat = (x: tf.Tensor) => tf.reshape(x, [-1]);
    const binary = places.filter(({ task }) => tasks[task]!.kind === 'binary').map(({ task }) => flat(logits[task]!));
    const others = places.slice(binary.length).map(({ task }) => flat(scoreOf(tasks[task]!, logits[task]!)));
    return { [SCORES]: tf.concat([...(binary.length > 0 ? [tf.sigmoid(tf.concat(binary))] : []), ...others]) };
  };
  const options = { ...parameterNames(model), ...(threads === undefined ? {} : { threads }) };
  const recorded = trace(forward, partSpecs(parts, size), options);
  const { graph, outputs } = forInference(recorded, parameters, { cpu: true });
  const operands = graph.nodes.filter(({ op }) => op === 'MatMul' || op === 'Gemm').flatMap(({ inputs }) => inputs);
  const weightBytes = operands.reduce((sum, each) => sum + ('constant' in each ? each.constant!.byteLength : 0), 0);
  return { file: writeModel(graph, outputs), weightBytes };
}
