import { forInference, type Precision, type WriteOptions } from '@polytask/compile';
import { originOf } from '@polytask/compile/internal';
import {
  predictionTypeOf,
  taskScores,
  predictionWidth,
  type FeatureTensors,
  type MultiTaskModel,
  type Task,
  type Tasks,
} from '@polytask/core';
import { parameterInput, traceModel, type Snapshot } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import { sum, groupBy } from '@polytask/components';

/** The only output of the graph: the concatenated scores of all tasks. */
export const SCORES = 'scores';

/** The names of tasks whose scores are computed at once: those of one kind whose prediction is a probability, without a calibration. */
function groupsOf(tasks: Tasks): string[][] {
  const keyOf = (name: string, task: Task) =>
    predictionTypeOf(task).hasDecision && !task.calibrated?.calibration ? `kind ${task.kind}` : `task ${name}`;
  return [...groupBy(Object.keys(tasks), (name) => keyOf(name, tasks[name]!)).values()];
}

/** The places of the tasks' scores in the output: `width` numbers for each row, from index `before` × rows. */
export function scorePlaces(tasks: Tasks) {
  let before = 0;
  return groupsOf(tasks)
    .flat()
    .map((task) => {
      const place = { task, before, width: predictionWidth(tasks[task]!) };
      before += place.width;
      return place;
    });
}

/** The predictions for a batch size as an ONNX file. `weightBytes` are those of matrix products, which every run reads. */
export function predictGraph<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: number,
  parameters: Snapshot,
  threads: number | undefined,
  precision: 'float32' | 'dynamic-int8' = 'float32',
): { readonly file: Uint8Array; readonly weightBytes: number } {
  const tasks: Tasks = model.schema.tasks;
  const groups = groupsOf(tasks);
  const flat = (x: tf.Tensor) => tf.reshape(x, [-1]);
  const forward = (batch: FeatureTensors) => {
    const logits: Readonly<Record<string, tf.Tensor2D>> = model.forward(batch).logits;
    const scores = groups.map((names) => {
      const outputs = names.map((name) => logits[name]!);
      const scored = (each: tf.Tensor) => flat(taskScores(tasks[names[0]!]!, each, model.members));
      if (outputs.length === 1) return scored(outputs[0]!);
      return model.members > 1 ? tf.concat(outputs.map(scored)) : scored(tf.concat(outputs)); // rows of a member stay together
    });
    return { [SCORES]: scores.length > 1 ? tf.concat(scores) : scores[0]! };
  };
  const { file, recorded } = traceModel(model, ({ batch }) => forward(batch), {
    rows,
    labeled: false,
    threads,
    precisionOf: precisionOfTrained(model, parameters, precision),
    rewrite: (plain) => forInference(plain, parameters, { cpu: true }),
  });
  const operands = recorded.graph.nodes.flatMap(({ op, inputs }) => (op === 'MatMul' || op === 'Gemm' ? inputs : []));
  const weightBytes = sum(operands, (each) => ('constant' in each ? each.constant!.byteLength : 0));
  return { file, weightBytes };
}

/** The precision of trained parameters in a graph whose constants are these arrays. Others stay float32. */
export function precisionOfTrained(
  { store }: Pick<MultiTaskModel, 'store'>,
  parameters: Snapshot,
  precision: 'float32' | Precision,
): WriteOptions['precisionOf'] {
  if (precision === 'float32') return undefined;
  const trained = [...store.all().filter(({ trainable }) => trainable), ...store.tables()];
  const arrays = new Set<unknown>(trained.map(({ name }) => parameters[parameterInput(name)]));
  return (values) => (arrays.has(originOf(values)) ? precision : undefined);
}
