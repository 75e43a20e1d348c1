import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mapValues, recordOf } from '@polytask/components';
import type { MultiTaskModel, Row } from '@polytask/core';
import { encodeForOnnx, saveOnnx } from '@polytask/serving';
import { predictionsOfOnnx } from '@polytask/testing/internal';
import type { Numbers } from '../judge/judge-training.ts';

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

const nodeScorer = (python: string): OnnxScorer => ({
  name: `onnxruntime-node, as ${python} has no onnxruntime`,
  score: predictionsOfOnnx,
  close: () => undefined,
});

export async function predictionsAsOnnx(model: MultiTaskModel, file: string, rows: readonly Row[], scorer: OnnxScorer) {
  await saveOnnx(model, file);
  const outputs = await scorer.score(file, encodeForOnnx(model.schema, rows));
  return recordOf(model.taskNames, (task) => outputs[task] ?? outputs[`${task}_prediction`] ?? []);
}
