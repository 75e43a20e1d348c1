import { pairing } from '../results/folds.ts';
import { LEAST_SEEDS } from '../summary/comparisons.ts';
import type { Summary } from '../summary/summary.ts';
import { signedCell } from './differences.ts';
import { formatPercent, present } from '../format.ts';
import * as doc from './blocks.ts';
import { comparisonSentences } from './comparison-sentences.ts';

/** The first screen of several settings; nothing where no model can be compared with a baseline. */
export function overviewBlocks(summaries: readonly Summary[]): doc.Blocks {
  const findings = summaries[0]?.overview;
  if (!findings) return false;
  const baselines = [...new Set(summaries.map(({ baseline }) => baseline))];
  const models = [...new Set(summaries.flatMap((summary) => summary.models.map(({ model }) => model)))];
  const others = models.filter((model) => !baselines.includes(model));
  const gains = doc.tableOf(others, [
    { title: 'model', cell: (model) => model },
    ...summaries.map((summary) => ({ title: summary.setting, cell: (model: string) => cellOf(summary, model) })),
  ]);
  return [
    doc.text(
      findings.map(({ message }) => message),
      'answer',
    ),
    doc.table(gains),
    doc.lines(notesOf(summaries, baselines), 'note'),
    doc.list(summaries.map((summary) => `${summary.setting}: ${comparisonSentences(summary).tasks.join(' ')}`)),
  ];
}

function cellOf({ models }: Summary, name: string): doc.Cell | undefined {
  const gain = models.find(({ model }) => model === name)?.gain;
  return gain && signedCell(formatPercent(gain.mean), gain.verdict);
}

function notesOf(summaries: readonly Summary[], baselines: readonly string[]): string[] {
  const seeds = Math.max(...summaries.map((each) => each.seeds.length));
  const { noun } = pairing(summaries[0]!.config);
  return present([
    `Gain over ${baselines.join(', ')} in %: the relative improvement in the first metric of each task, ` +
      `mean over tasks${seeds > 1 ? ` and ${noun}s ± half its 95% interval` : ''}; better is positive.`,
    seeds >= LEAST_SEEDS && '▲ significant gain, ▼ significant loss.',
  ]);
}
