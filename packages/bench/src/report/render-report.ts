import { machine } from '../environment.ts';
import type { Failure } from '../run-options.ts';
import { metricRow } from '../summary/metric-rows.ts';
import type { Summary } from '../summary/summary.ts';
import { settingKey } from '../trials/trial-key.ts';
import type { Trial } from '../trials/trial.ts';
import { comparisonTable } from './comparison-table.ts';
import { differenceRows, metricTitle } from './difference-rows.ts';
import { footnotes } from './footnotes.ts';
import { formatDifference, formatP } from './format.ts';
import { fusionTables } from './fusion-tables.ts';
import { markdownTable } from './markdown-table.ts';
import { resultTable } from './result-table.ts';

/** What a report is made of. */
export interface ReportInput {
  readonly summaries: readonly Summary[];
  /** Those that the summaries are of. */
  readonly trials: readonly Trial[];
  readonly failures?: readonly Failure[] | undefined;
}

/** The report of a run in Markdown: for each setting the table, how it was measured, what it can't say, the fusion weights. */
export function renderReport({ summaries, trials, failures = [] }: ReportInput): string {
  const several = summaries.length > 1;
  const sections = summaries.flatMap((summary) => {
    const own = trials.filter((trial) => settingKey(trial) === summary.key);
    return several ? [`## ${summary.setting}`, ...section(summary, own).map((part) => part.replace(/^#/gm, '##'))] : section(summary, own);
  });
  return `${[
    `# ${summaries[0]?.suite ?? 'No results'}`,
    ...sections,
    ...(failures.length === 0 ? [] : ['## Trials that failed', list(failures.map(failed))]),
    '## What it cannot say',
    list(CAVEATS),
  ].join('\n\n')}\n`;
}

function section(summary: Summary, trials: readonly Trial[]): string[] {
  const { columns, rows } = resultTable(summary);
  const head = columns.map(({ over, title }) => (over ? `${over} ${title}` : title));
  const cells = rows.map((row) => row.map(({ text, winner }) => (winner ? `**${text}**\\*` : text)));
  const seed = summary.seeds[0]!;
  const weights = trials.filter((trial) => trial.seed === seed).map(fusionTables).filter(Boolean);
  return [
    markdownTable(head, cells),
    ...footnotes(summary).map((line) => line.replace(/^\*/, '\\*')),
    ...differences(summary),
    '## How it was measured',
    list(measurement(summary, trials)),
    ...(weights.length === 0 ? [] : [`## Fusion weights, seed ${seed}`, WEIGHTS, ...weights]),
  ];
}

function differences(summary: Summary): string[] {
  const rows = differenceRows(summary);
  if (rows.length === 0) return [];
  const compared = comparisonTable(summary)!;
  const head = ['model', 'task', 'metric', 'difference', '95% t interval', '95% bootstrap interval', 'p', 'p (Holm)', 'verdict'];
  const cells = rows.map((row) => {
    const digits = metricRow(row.metric)?.digits ?? 4;
    const between = (low: number, high: number) => (Number.isNaN(low) ? '–' : `${low.toFixed(digits)} to ${high.toFixed(digits)}`);
    return [
      ...[row.model, row.task, metricTitle(row.metric), formatDifference({ difference: row.difference, high: NaN }, digits)],
      ...[between(row.low, row.high), between(row.bootstrapLow, row.bootstrapHigh), formatP(row.pValue), formatP(row.adjustedPValue), row.verdict],
    ];
  });
  return [
    `## Differences from ${summary.baseline}`,
    markdownTable(compared.columns.map(({ over, title }) => (over ? `${over} ${title}` : title)), compared.rows.map((row) => row.map(({ text }) => text.trim()))),
    markdownTable(head, cells),
  ];
}

const failed = ({ setting, model, seed, error, attempts, log }: Failure): string =>
  `${setting === '' ? '' : `${setting}: `}${model}, seed ${seed}${attempts > 1 ? `, tried ${attempts} times` : ''}: ${error.message}${log === undefined ? '' : ` (${log})`}`;

function measurement({ config, engine, seeds, versions }: Summary, trials: readonly Trial[]): string[] {
  const { training, size, data } = config;
  const epochs = trials.map((trial) => trial.epochs);
  const several = new Set(trials.map((trial) => JSON.stringify(trial.versions))).size > 1;
  return [
    `Data: \`${JSON.stringify(data)}\`.`,
    `Seeds: ${seeds.join(', ')}. A seed gives the rows of training and validation, their order, and the start of the weights; it gives every model the same rows in the same order, so differences are paired.`,
    `Training: ${training.optimizer}, learning rate ${training.learningRate}, batches of ${training.batchSize}, up to ${training.epochs} epochs (${Math.min(...epochs)} to ${Math.max(...epochs)} were run); stopped after ${training.patience} epochs without a better ${training.selection === 'auc' ? 'mean AUC' : training.selection} on the validation rows.`,
    `Selection: the epoch with the best ${training.selection === 'auc' ? 'mean AUC over tasks' : `mean ${training.selection} over tasks`} on the validation rows. The test rows were read once, at the end of a trial.`,
    `Models: levels of ${size.levels.join('/')} units, ${size.experts} experts a level where a model has a choice, towers of ${size.tower.join('/')}.`,
    `Engine: ${engine}; ${machine()}.`,
    `Versions: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}${several ? ' (some trials were run by others: see results.jsonl)' : ''}.`,
  ];
}

const CAVEATS = [
  'One learning rate (ten times it for the logistic regression), batch size and stopping rule for all models: a model that was tuned might stand elsewhere.',
  'Experts a level are matched, parameters are not: see their column. Single-task, shared-bottom and cross-stitch have one expert a lane.',
  'Single-task networks share the embeddings of the features, where there are any, and one stopping rule.',
  'Seconds are those of one machine, with whatever else it was doing.',
];

const WEIGHTS =
  'Rows are lanes, columns the experts (`unit.index`) that they take from. `0.21 ±0.05` is the mean of a gate over the test rows and its deviation; `+ 0.40`, or a number alone, is what does not depend on the row.';

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
