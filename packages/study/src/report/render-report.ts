import type { Picture } from '../pictures/picture.ts';
import type { TablePictures } from '../pictures/pictures.ts';
import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { BALANCING, balancingTable } from './balancing-tables.ts';
import { comparisonTable, differenceTable } from './differences.ts';
import { footnotes } from './footnotes.ts';
import { fusionTables } from './fusion-tables.ts';
import { markWarnings } from './marked-warnings.ts';
import { overviewOf } from './overview.ts';
import { markdownTable } from './plain-text.ts';
import { caveats, describeFailure, measurement, trialsOf, type ReportInput } from './report-parts.ts';
import { sensitivitySection, unseenSection } from './report-sections.ts';
import { resultTable, type ResultTable } from './result-table.ts';
import { rowsSentences } from './row-counts.ts';
import { mapTexts, markdownText } from './safe-text.ts';
import { verdict } from './verdict.ts';

/**
 * Renders the report of a run in Markdown: for each setting the tables, how they were measured, and the fusion weights.
 *
 * @param pictures one entry for each summary, if their SVG files are in `pictures/` beside the report
 * @example await writeFile('report.md', renderReport({ summaries, trials }));
 */
export function renderReport(
  { summaries, trials, failures = [] }: ReportInput,
  pictures: readonly TablePictures[] = [],
): string {
  const plain = mapTexts(summaries, markdownText);
  const sections = summaries.flatMap((summary, i) => {
    const parts = section(plain[i]!, mapTexts(trialsOf(summary, trials), markdownText), pictures[i]);
    return summaries.length > 1
      ? [`## ${plain[i]!.setting}`, ...parts.map((part) => part.replace(/^#/gm, '##'))]
      : parts;
  });
  return `${[
    `# ${plain[0]?.suite ?? 'No results'}`,
    ...overview(plain),
    ...sections,
    ...(failures.length === 0
      ? []
      : ['## Trials that failed', list(failures.map((failure) => markdownText(describeFailure(failure))))]),
    '## What it cannot say',
    list(caveats(summaries)),
  ].join('\n\n')}\n`;
}

function section(summary: Summary, trials: readonly TrialResult[], pictures: TablePictures | undefined): string[] {
  const seed = summary.seeds[0]!;
  const firstTrials = trials.filter((trial) => trial.seed === seed);
  const balancing = firstTrials.flatMap(balancingTables);
  const weights = firstTrials.map(fusionTables).filter(Boolean);
  const warnings = markWarnings(summary);
  const rows = rowsSentences(summary);
  return [
    verdict(summary).join(' '),
    ...(rows.length > 0 ? [rows.join(' ')] : []),
    resultMarkdown(resultTable(summary, warnings)),
    ...(warnings.lines.length > 0 ? [list(warnings.lines)] : []),
    ...footnotes(summary).map((line) => line.replace(/^\*/, '\\*')),
    ...differences(summary),
    ...unseen(summary),
    ...sensitivity(summary),
    ...(pictures
      ? [...pictures.differences, ...pictures.sensitivity, ...pictures.curves, ...pictures.costs].map(link)
      : []),
    '## How it was measured',
    list(measurement(summary, trials)),
    ...(balancing.length === 0 ? [] : [`## Balancing, seed ${seed}`, BALANCING, ...balancing]),
    ...(weights.length === 0 ? [] : [`## Fusion weights, seed ${seed}`, WEIGHTS, ...weights]),
  ];
}

/** The gains in all settings, then the verdict of each setting. */
function overview(summaries: readonly Summary[]): string[] {
  const part = overviewOf(summaries);
  if (!part) return [];
  return [
    part.sentences.join(' '),
    resultMarkdown(part.table),
    ...part.notes,
    list(summaries.map((summary) => `**${summary.setting}**: ${verdict(summary).join(' ')}`)),
  ];
}

function differences(summary: Summary): string[] {
  const table = differenceTable(summary);
  if (!table) return [];
  const comparison = resultMarkdown(comparisonTable(summary)!);
  return [`## Differences from ${summary.baseline}`, comparison, markdownTable(table)];
}

function unseen(summary: Summary): string[] {
  const part = unseenSection(summary);
  if (!part) return [];
  return [
    `## ${part.title}`,
    resultMarkdown(part.results),
    ...(part.differences ? [`Minus ${summary.baseline}:`, resultMarkdown(part.differences)] : []),
    ...part.notes,
  ];
}

function sensitivity(summary: Summary): string[] {
  const part = sensitivitySection(summary);
  return part ? [`## ${part.title}`, markdownTable(part), ...part.notes] : [];
}

function balancingTables(trial: TrialResult): string[] {
  const table = balancingTable(trial);
  return table ? [`### ${trial.model}\n\n${markdownTable(table)}`] : [];
}

/** A table in Markdown. The titles of its columns begin with the names of their groups. */
const resultMarkdown = ({ columns, rows }: ResultTable): string =>
  markdownTable({
    head: columns.map(
      ({ over, overMarks = '', title, marks = '' }) => `${over ? `${over}${overMarks} ` : ''}${title}${marks}`,
    ),
    rows: rows.map((row) =>
      row.map(({ text, winner, marks = '' }) => `${winner ? `**${text.trim()}**\\*` : text.trim()}${marks}`),
    ),
  });

const WEIGHTS =
  'Rows are lanes, columns the experts (`unit.index`) that they take from. ' +
  '`0.21 ±0.05` is the mean of a gate over the test rows and its deviation; ' +
  '`+ 0.40`, or a number alone, is what does not depend on the row. ' +
  '`2.7 of 6` is how many experts a lane has in effect, of those that it takes from: exp of the entropy of the mean shares of |W|; ' +
  "beside it the mean over rows of the entropy of a row's shares, in nats.";

const link = ({ name, caption }: Picture): string => `![${markdownText(caption)}](pictures/${name}.svg)`;

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
