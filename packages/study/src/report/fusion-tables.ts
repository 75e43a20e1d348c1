import type { FusionLevel, TrialResult } from '../trials/trial-result.ts';
import { formatShares, laneShares } from './fusion-shares.ts';
import { markdownTable } from './markdown-table.ts';

/**
 * The fusion weights of a trial in Markdown, a table a level: a row for each lane that goes on, a column for each
 * expert, `unit.index`. `0.21 ±0.05` is a gate's mean and deviation over the test rows, `+ 0.40` the constant part. Then how
 * many experts that amounts to, and the mean entropy of a row's shares.
 */
export function fusionTables({ model, fusion }: TrialResult): string {
  if (fusion.length === 0) return '';
  const tables = fusion.map((level, l) => {
    const shares = laneShares(level);
    const rows = level.outputs.map((output, u) => [
      output,
      ...level.experts.map((_, e) => cell(level, u, e)),
      ...shares
        .slice(u, u + 1)
        .flatMap((lane) => [formatShares(lane), Number.isNaN(lane.entropy) ? '–' : lane.entropy.toFixed(2)]),
    ]);
    return `Level ${l + 1}\n\n${markdownTable(['lane', ...level.experts, ...(shares.length > 0 ? ['effective experts', 'entropy'] : [])], rows)}`;
  });
  return [`### ${model}`, ...tables].join('\n\n');
}

function cell({ gated, gatedDeviation, constant }: FusionLevel, unit: number, expert: number): string {
  const [mean, deviation, fixed] = [gated, gatedDeviation, constant].map((table) => table[unit]![expert]!) as [
    number,
    number,
    number,
  ];
  const isGated = mean !== 0 || deviation !== 0;
  if (!isGated) return fixed === 0 ? '' : fixed.toFixed(2);
  const gate = `${mean.toFixed(2)} ±${deviation.toFixed(2)}`;
  return fixed === 0 ? gate : `${gate} ${fixed < 0 ? '−' : '+'} ${Math.abs(fixed).toFixed(2)}`;
}
