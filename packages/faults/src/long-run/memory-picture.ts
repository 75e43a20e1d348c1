import { renderSvg, standalone } from '@polytask/study';
import { MEMORY, type MemoryKind, type MemorySample } from './memory.ts';

/** The samples of one job. */
export interface JobSamples {
  readonly job: string;
  readonly unit: string;
  readonly samples: readonly MemorySample[];
}

/** Draws the memory of each job over its work, as a file of SVG. */
export async function memoryPicture(jobs: readonly JobSamples[]): Promise<string> {
  const kinds = Object.entries(MEMORY) as [MemoryKind, string][];
  const spec = {
    columns: 3,
    spacing: 28,
    concat: jobs.map(({ job, unit, samples }) => ({
      title: { text: job, anchor: 'middle', offset: 6 },
      width: 240,
      height: 140,
      data: {
        values: samples.flatMap((sample) =>
          kinds.map(([kind, memory]) => ({ done: sample.done, memory, mb: sample[kind] })).filter(({ mb }) => mb >= 0),
        ),
      },
      mark: { type: 'line', strokeWidth: 1.6 },
      encoding: {
        x: { field: 'done', type: 'quantitative', axis: { title: unit, grid: false, tickCount: 4 } },
        y: { field: 'mb', type: 'quantitative', scale: { zero: true }, axis: { title: 'MB', tickCount: 4 } },
        color: { field: 'memory', type: 'nominal', sort: Object.values(MEMORY), legend: { title: null } },
      },
    })),
  };
  return standalone(await renderSvg({ name: 'memory', caption: 'The memory of long work, in MB', spec }));
}
