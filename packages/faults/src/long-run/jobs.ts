import { readdirSync, readFileSync } from 'node:fs';
import { runSuite } from '@polytask/bench';
import { openPredictor } from '@polytask/serving';
import { serve } from '@polytask/server';
import { fit } from '@polytask/training';
import { rowsOf, smallModel } from '../kills/scenarios.ts';
import type { MemorySample } from './memory.ts';

export interface LongJob {
  /** What is counted: steps, trials or requests. */
  readonly unit: string;
  /** How many of them are done by default. */
  readonly count: number;
  /** Does the work, and calls `onDone` after each unit with the number of those that are done. */
  run(count: number, onDone: (done: number) => void): Promise<void>;
  /** Measures the memory. Default: that of this process. */
  readonly measure?: (done: number) => MemorySample;
}

const BATCH = 50;
const rows = rowsOf(5000);

const fitJob = (engine: 'eager' | 'compiled'): LongJob => ({
  unit: 'steps',
  count: 100_000,
  async run(count, onDone) {
    const epochs = Math.ceil((count * BATCH) / rows.size);
    const onStep = ({ step }: { readonly step: number }) => onDone(step);
    await fit(smallModel(7), rows, { engine, epochs, batchSize: BATCH, progress: false, callbacks: { onStep } });
  },
});

/** A request or batch of a varying number of rows. */
const someRows = (done: number) =>
  rows.batch(Array.from({ length: 1 + (done % 97) }, (_, i) => (done + i) % rows.size));

const benchOptions = { suite: 'synthetic', models: ['single-task'], epochs: 1, engine: 'compiled', limitRows: 500 };

export const LONG_JOBS: Readonly<Record<string, LongJob>> = {
  'fit, eager': fitJob('eager'),
  'fit, compiled': fitJob('compiled'),
  bench: {
    unit: 'runs',
    count: 500,
    async run(count, onDone) {
      for (let done = 1; done <= count; done++) {
        await runSuite({ ...benchOptions, seeds: [done] });
        onDone(done);
      }
    },
  },
  worker: {
    unit: 'trials',
    count: 500,
    async run(count, onDone) {
      let done = 0;
      const seeds = Array.from({ length: count }, (_, i) => i + 1);
      await runSuite({ ...benchOptions, workers: 1, seeds, listener: { onTrialEnd: () => onDone(++done) } });
    },
    measure: (done) => ({ done, resident: residentOfChild(), held: NaN }),
  },
  predictor: {
    unit: 'calls',
    count: 10_000,
    async run(count, onDone) {
      const predictor = await openPredictor(smallModel(7));
      for (let done = 1; done <= count; done++) {
        await predictor.predict(someRows(done));
        onDone(done);
      }
      await predictor.dispose();
    },
  },
  server: {
    unit: 'requests',
    count: 10_000,
    async run(count, onDone) {
      const { url, close } = await serve(smallModel(7), { port: 0 });
      const headers = { 'content-type': 'application/json' };
      const width = rows.arrays.numeric.length / rows.size;
      for (let done = 1; done <= count; done++) {
        const { numeric, size } = someRows(done);
        const x = Array.from({ length: size }, (_, i) => ({
          x: [...numeric.subarray(i * width, (i + 1) * width)],
          id: `id ${i}`,
        }));
        const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(x) });
        const text = await response.text();
        if (!response.ok) throw new Error(`${response.status} ${text}`);
        onDone(done);
      }
      await close();
    },
  },
};

/** The resident set of the only child of this process, in MB. Linux tells it. */
function residentOfChild(): number {
  const threads = readdirSync('/proc/self/task');
  const children = threads.flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const status = readFileSync(`/proc/${children[0]}/status`, 'utf8');
  return Number(/VmRSS:\s*(\d+)/.exec(status)![1]) / 1024;
}
