import { inGrid, legend, lineChart, pictureOf, seriesClass, stacked, svgFile } from '@polytask/study';
import { MEMORY, type MemoryKind, type MemorySample } from './memory.ts';

/** The samples of one job. */
export interface JobSamples {
  readonly job: string;
  readonly unit: string;
  readonly samples: readonly MemorySample[];
}

/** Draws the memory of each job over its work, as a file of SVG. */
export function memoryPicture(jobs: readonly JobSamples[]): string {
  const kinds = Object.entries(MEMORY) as [MemoryKind, string][];
  const charts = jobs.map(({ job, unit, samples }) => {
    const series = kinds.map(([kind, name], i) => ({
      ...{ name, look: seriesClass(i) },
      points: samples.filter((sample) => sample[kind] >= 0).map((sample) => [sample.done, sample[kind]] as const),
    }));
    const most = Math.max(...series.flatMap(({ points }) => points.map(([, mb]) => mb)));
    return lineChart({ title: `${job}: MB`, xTitle: unit, series, width: 300, range: [0, 1.05 * most] });
  });
  const names = kinds.map(([, name]) => name);
  return svgFile(
    pictureOf('memory', 'The memory of long work, in MB', stacked([inGrid(charts, 3), legend(names, 600)])),
  );
}
