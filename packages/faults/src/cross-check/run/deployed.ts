import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mapValues, recordOf } from '@polytask/components';
import { type MultiTaskModel, type Row, predictionOf, type Tasks } from '@polytask/core';
import { encodeForOnnx, saveOnnx } from '@polytask/serving';
import type { Numbers } from '../judge/judge-training.ts';
import { serve } from '@polytask/server';

/** The predictions of a saved model over HTTP. @throws Error with the service's answer, when it refuses the rows */
export async function predictionsOverHttp(folder: string, tasks: Tasks, rows: readonly Row[]): Promise<Numbers> {
  const { url, close } = await serve(folder, { port: 0 });
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(rows) });
    const answer = await response.text();
    if (!response.ok) throw new Error(`The service answers ${response.status}: ${answer}`);
    const { predictions } = JSON.parse(answer) as { predictions: readonly Readonly<Record<string, unknown>>[] };
    return mapValues(tasks, (task, name) => predictions.flatMap((row) => numbersOf(row[name], task)));
  } finally {
    await close();
  }
}

/** The numbers of a prediction in an answer, in the order of the task's names. */
function numbersOf(prediction: unknown, task: Tasks[string]): number[] {
  const { names } = predictionOf(task);
  if (!names) return [Number(prediction)];
  const { probabilities = prediction } = prediction as { probabilities?: object };
  return names.map((name) => (probabilities as Readonly<Record<string, number>>)[name]!);
}

export const predictionsOf = (model: MultiTaskModel, rows: readonly Row[]): Numbers =>
  mapValues(model.predict(rows), (values) => Float32Array.from(values));

export interface OnnxScorer {
  /** What scores them, for the report. */
  readonly name: string;
  /** @param inputs of each feature @throws Error with the runtime's reason */
  score(file: string, inputs: ReturnType<typeof encodeForOnnx>): Promise<Numbers>;
  close(): void;
}

/** Scores with onnxruntime in one process of Python; with onnxruntime-node, if this Python doesn't have it. */
export function onnxScorer(python: string): OnnxScorer {
  const version = spawnSync(python, ['-c', 'import onnxruntime; print(onnxruntime.__version__)'], { encoding: 'utf8' });
  return version.status === 0 ? pythonScorer(python, version.stdout.trim()) : nodeScorer(python);
}

function pythonScorer(python: string, version: string): OnnxScorer {
  let child: ChildProcessWithoutNullStreams | undefined;
  let lines: AsyncIterator<string> | undefined;
  return {
    name: `onnxruntime ${version} in Python`,
    async score(file, inputs) {
      if (!child) {
        child = spawn(python, [fileURLToPath(new URL('./score.py', import.meta.url))]);
        child.stderr.resume(); // warnings of the runtime
        lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      }
      const asJson = mapValues(inputs, ({ data, ...rest }) => ({ ...rest, data: Array.from(data as Float32Array) }));
      child.stdin.write(`${JSON.stringify({ file, inputs: asJson })}\n`); // NaN is null there
      const { value, done } = await lines!.next();
      if (done) throw new Error(`${python} ended before it answered`);
      const { outputs, error } = JSON.parse(value) as { outputs?: Record<string, (number | null)[]>; error?: string };
      if (!outputs) throw new Error(error);
      return mapValues(outputs, (all) => all.map((each) => each ?? NaN));
    },
    close: () => void child?.stdin.end(),
  };
}

function nodeScorer(python: string): OnnxScorer {
  return {
    name: `onnxruntime-node, as ${python} has no onnxruntime`,
    async score(file, inputs) {
      const { InferenceSession, Tensor } = await import('onnxruntime-node');
      const session = await InferenceSession.create(file);
      try {
        const feeds = mapValues(
          inputs,
          ({ type, data, shape }) => new Tensor(type as 'float32', data as Float32Array, shape),
        );
        return mapValues({ ...(await session.run(feeds)) }, ({ data }) => data as Float32Array);
      } finally {
        await session.release();
      }
    },
    close: () => undefined,
  };
}

export async function predictionsAsOnnx(model: MultiTaskModel, file: string, rows: readonly Row[], scorer: OnnxScorer) {
  await saveOnnx(model, file);
  const outputs = await scorer.score(file, encodeForOnnx(model.schema, rows));
  return recordOf(model.taskNames, (task) => outputs[task] ?? outputs[`${task}_prediction`] ?? []);
}
