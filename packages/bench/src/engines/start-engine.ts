import { findRow, type TrialEngine } from '@polytask/study';
import * as tf from '@tensorflow/tfjs';
import { engines, type EngineRow } from './engines.ts';

/** The first of the engines that runs here. */
export const AUTO = 'auto';

/**
 * Starts an engine for the process. TF.js's advertisement of its Node package, and its other warnings, are switched off
 * (`tf.enableProdMode`).
 *
 * @param name a name of the table, or `auto`
 * @param onFallback told in a sentence when `auto` had to take a later engine
 * @returns the name of the engine that runs
 * @throws PolytaskError on an unknown name; whatever the engine throws when it was asked for by name
 */
export async function startEngine(
  name: string,
  onFallback: (message: string) => void = () => {},
  rows: readonly EngineRow[] = engines,
): Promise<string> {
  tf.enableProdMode();
  if (name !== AUTO) {
    const row = findRow(rows, name, 'engine');
    await row.start();
    return row.name;
  }
  for (const [i, row] of rows.entries()) {
    try {
      await row.start();
      return row.name;
    } catch (error) {
      const next = rows[i + 1];
      if (!next) throw error;
      onFallback(
        `Engine ${row.name} doesn't run here (${messageOf(error)}): taking ${next.name}, ${next.description}.`,
      );
    }
  }
  throw new Error('There is no engine.');
}

/** Starts an engine, and says how trials train on it. @param name and `onFallback` as {@link startEngine} has them */
export async function openEngine(name = AUTO, onFallback?: (message: string) => void): Promise<TrialEngine> {
  const row = findRow(engines, await startEngine(name, onFallback), 'engine');
  return { name: row.name, mode: row.training };
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String((error as { message?: unknown } | undefined)?.message ?? error))
    .split('\n')[0]!
    .replace(/\.$/, '');
