import { type MultiTaskModel, predictionOf, type Row, type Tasks } from '@polytask/core';
import { serve } from '@polytask/server';
import type { Numbers } from '../judge/difference.ts';

/** The predictions of a saved model over HTTP. @throws Error with the service's answer, when it refuses the rows */
export async function predictionsOverHttp(folder: string, tasks: Tasks, rows: readonly Row[]): Promise<Numbers> {
  const { url, close } = await serve(folder, { port: 0 });
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(rows) });
    const answer = await response.text();
    if (!response.ok) throw new Error(`The service answers ${response.status}: ${answer}`);
    const { predictions } = JSON.parse(answer) as { predictions: readonly Readonly<Record<string, unknown>>[] };
    return Object.fromEntries(
      Object.entries(tasks).map(([name, task]) => [name, predictions.flatMap((row) => numbersOf(row[name], task))]),
    );
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

/** The predictions of each task, [rows × width]. */
export const predictionsOf = (model: MultiTaskModel, rows: readonly Row[]): Numbers =>
  Object.fromEntries(Object.entries(model.predict(rows)).map(([name, values]) => [name, Float32Array.from(values)]));
