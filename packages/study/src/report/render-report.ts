import type { DrawnPicture, TablePictures } from '../pictures/picture.ts';
import { aheadOf } from '../summary/sensitivity.ts';
import type { Summary } from '../summary/summary.ts';
import { settingKey } from '../trials/trial-key.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { BALANCING, balancingTable } from './balancing-tables.ts';
import { comparisonTable } from './comparison-table.ts';
import { DIFFERENCE_HEAD, differenceCells } from './difference-cells.ts';
import { differenceRows } from './difference-rows.ts';
import { footnotes } from './footnotes.ts';
import { fusionTables } from './fusion-tables.ts';
import { markWarnings } from './marked-warnings.ts';
import { markdownTable } from './markdown-table.ts';
import { overviewOf } from './overview.ts';
import { caveats, describeFailure, measurement, type ReportInput } from './report-parts.ts';
import { resultTable, type ResultTable } from './result-table.ts';
import { rowsSentences } from './rows-sentence.ts';
import { sensitivitySection } from './sensitivity-section.ts';
import { unseenSection } from './unseen-section.ts';
import { verdict } from './verdict.ts';

/**
 * The report of a run in Markdown: for each setting the table, how it was measured, what it can't say, the fusion weights.
 *
 * @param pictures of each summary, when they lie as SVG files in `pictures/` beside it
 */
export function renderReport(
  { summaries, trials, failures = [] }: ReportInput,
  pictures: readonly TablePictures[] = [],
): string {
  const several = summaries.length > 1;
  const sections = summaries.flatMap((summary, i) => {
    const parts = section(
      summary,
      trials.filter((trial) => settingKey(trial) === summary.key),
      pictures[i],
    );
    return several ? [`## ${summary.setting}`, ...parts.map((part) => part.replace(/^#/gm, '##'))] : parts;
  });
  return `${[
    `# ${summaries[0]?.suite ?? 'No results'}`,
    ...overview(summaries),
    ...sections,
    ...(failures.length === 0 ? [] : ['## Trials that failed', list(failures.map(describeFailure))]),
    '## What it cannot say',
    list(caveats(summaries)),
  ].join('\n\n')}\n`;
}

function section(summary: Summary, trials: readonly TrialResult[], pictures: TablePictures | undefined): string[] {
  const seed = summary.seeds[0]!;
  const balancing = trials.filter((trial) => trial.seed === seed).flatMap(balanced);
  const weights = trials
    .filter((trial) => trial.seed === seed)
    .map(fusionTables)
    .filter(Boolean);
  const warnings = markWarnings(summary);
  const rows = rowsSentences(summary);
  return [
    verdict(summary).join(' '),
    ...(rows.length > 0 ? [rows.join(' ')] : []),
    written(resultTable(summary, warnings)),
    ...(warnings.lines.length > 0 ? [list(warnings.lines)] : []),
    ...footnotes(summary).map((line) => line.replace(/^\*/, '\\*')),
    ...differences(summary),
    ...unseen(summary),
    ...sensitivity(summary),
    ...(pictures
      ? [...pictures.differences, ...pictures.sensitivity, ...pictures.curves, ...pictures.costs].map(linked)
      : []),
    '## How it was measured',
    list(measurement(summary, trials)),
    ...(balancing.length === 0 ? [] : [`## Balancing, seed ${seed}`, BALANCING, ...balancing]),
    ...(weights.length === 0 ? [] : [`## Fusion weights, seed ${seed}`, WEIGHTS, ...weights]),
  ];
}

/** Several settings at a glance, and the verdict of each. */
function overview(summaries: readonly Summary[]): string[] {
  const part = overviewOf(summaries);
  if (!part) return [];
  return [
    part.sentences.join(' '),
    written(part.table),
    ...part.notes,
    list(summaries.map((summary) => `**${summary.setting}**: ${verdict(summary).join(' ')}`)),
  ];
}

function differences(summary: Summary): string[] {
  const rows = differenceRows(summary);
  if (rows.length === 0) return [];
  const cells = rows.map(differenceCells);
  return [
    `## Differences from ${summary.baseline}`,
    written(comparisonTable(summary, aheadOf(summary))!),
    markdownTable(DIFFERENCE_HEAD, cells),
  ];
}

function unseen(summary: Summary): string[] {
  const part = unseenSection(summary);
  if (!part) return [];
  return [
    `## ${part.title}`,
    written(part.results),
    ...(part.differences ? [`Minus ${summary.baseline}:`, written(part.differences)] : []),
    ...part.notes,
  ];
}

function sensitivity(summary: Summary): string[] {
  const part = sensitivitySection(summary);
  return part ? [`## ${part.title}`, markdownTable(part.head, part.rows), ...part.notes] : [];
}

function balanced(trial: TrialResult): string[] {
  const table = balancingTable(trial);
  return table ? [`### ${trial.model}\n\n${markdownTable(table.head, table.rows)}`] : [];
}

/** A table with the names of groups before the titles of their columns. */
const written = ({ columns, rows }: ResultTable): string =>
  markdownTable(
    columns.map(
      ({ over, overMarks = '', title, marks = '' }) => `${over ? `${over}${overMarks} ` : ''}${title}${marks}`,
    ),
    rows.map((row) =>
      row.map(({ text, winner, marks = '' }) => `${winner ? `**${text.trim()}**\\*` : text.trim()}${marks}`),
    ),
  );

const WEIGHTS =
  "Rows are lanes, columns the experts (`unit.index`) that they take from. `0.21 ±0.05` is the mean of a gate over the test rows and its deviation; `+ 0.40`, or a number alone, is what does not depend on the row. `2.7 of 6` is how many experts a lane has in effect, of those that it takes from: exp of the entropy of the mean shares of |W|; beside it the mean over rows of the entropy of a row's shares, in nats.";

const linked = ({ name, caption }: DrawnPicture): string => `![${caption}](pictures/${name}.svg)`;

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
