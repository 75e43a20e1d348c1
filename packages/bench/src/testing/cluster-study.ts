import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { type Cluster, linesOf, type Started } from './cluster.ts';

/** A study of two models on a cluster, whose processes or network fail meanwhile. */
export function clusterStudy(cluster: Cluster, seeds: number) {
  const at = (...names: string[]) => path.join(cluster.folder, ...names);
  const bench = (out: string, ...more: string[]) =>
    cluster.start(
      ...['bench', 'people.json', '--models', 'single-task,shared-bottom', '--no-boosting', '--seeds', String(seeds)],
      ...['--epochs', '2', '--engine', 'cpu', '--out', out, ...more],
    );
  const lines = () => linesOf(at('cluster', 'results.jsonl'));
  return {
    trials: 2 * seeds,
    /** Starts a coordinator, which continues from what is there. */
    coordinator: () => bench('cluster'),
    finished: async () => (await lines()).length,
    /** Waits for the end: no trial is lost or doubled, workers stop on request, and the summary is one machine's. */
    async expectWhole(coordinator: Started, workers: readonly Started[]) {
      expect(await coordinator.ended(), coordinator.output()).toBe(0);
      const trials = (await lines()).map((line) => {
        const { model, seed } = JSON.parse(line) as { model: string; seed: number };
        return `${model} ${seed}`;
      });
      expect([trials.length, new Set(trials).size]).toEqual([2 * seeds, 2 * seeds]);
      for (const worker of workers) {
        worker.child.kill('SIGINT');
        expect(await worker.ended(), worker.output()).toBe(0);
      }
      const local = bench('local', '--workers', '2');
      expect(await local.ended(), local.output()).toBe(0);
      expect(await summaryOf(at('cluster'))).toBe(await summaryOf(at('local')));
    },
  };
}

/** The summary of a directory without the times, as text. */
const summaryOf = async (directory: string): Promise<string> =>
  JSON.stringify(JSON.parse(await readFile(path.join(directory, 'summary.json'), 'utf8')), (key, value: unknown) =>
    key === 'seconds' ? 'some' : value,
  );
