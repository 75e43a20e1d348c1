import { predictionOf, type Schema } from '@polytask/core';
import { metricTitle } from '../summary/metric-rows.ts';
import { counted, formatBounds } from './format.ts';
import { markdownTable } from './plain-text.ts';
import { measurement } from './report-parts.ts';
import { markWarnings } from './marked-warnings.ts';
import { constantNotes, ROW_INTERVALS } from './footnotes.ts';
import { CONSTANT, relativeErrorOf } from './result-table.ts';
import { rowsSentences } from './row-counts.ts';
import { searchSentences, trainingAnswer, type TrainingReport, trainingSummary } from './training-report.ts';

/**
 * Renders the model card of a trained model in Markdown, after Mitchell et al. 2019, "Model cards for model reporting". The card says
 * what the model predicts from which features, how it was trained, its scores on the test rows, its limits, and how to use it.
 *
 * @param folder the folder of the model, for the commands
 */
export function renderModelCard(report: TrainingReport, schema: Schema, folder: string): string {
  const summary = trainingSummary(report);
  const [{ model, parameters, metrics, relativeErrors, rowIntervals }] = report.trials;
  const warnings = markWarnings(summary).lines;
  const tasks = [...new Set(summary.columns.map(({ task }) => task))];
  const scores = tasks.flatMap((task) => [
    ...summary.columns
      .filter((column) => column.task === task)
      .map(({ metric }) => [
        task,
        metricTitle(metric),
        formatBounds(metrics[task]![metric]!, rowIntervals[task]?.[metric] ?? NONE, DIGITS),
        summary.constants[task]?.[metric]?.toFixed(DIGITS) ?? '',
      ]),
    ...(relativeErrorOf(summary, task)
      ? [[task, 'relative error ↓', formatBounds(relativeErrors![task]!, NONE, DIGITS), (1).toFixed(DIGITS)]]
      : []),
  ]);
  return `${[
    `# ${report.name}: ${model}`,
    trainingAnswer(report).join(' '),
    '## What it predicts',
    list(Object.entries(schema.tasks).map(([name, task]) => `\`${name}\`: ${PREDICTED[predictionOf(task).type]}`)),
    `From ${counted(Object.keys(schema.features).length, 'feature')}: ` +
      `${Object.entries(schema.features)
        .map(([name, { kind }]) => `\`${name}\` (${kind})`)
        .join(', ')}.`,
    '## How to use it',
    [
      '```sh',
      `polytask predict ${folder} rows.csv --out predictions.csv`,
      `polytask explain ${folder} rows.csv`,
      `polytask serve ${folder}`,
      '```',
    ].join('\n'),
    '## Scores on the test rows',
    markdownTable({ head: ['task', 'metric', 'value', CONSTANT], rows: scores }),
    list([`${ROW_INTERVALS}.`, ...constantNotes(summary)]),
    ...(warnings.length > 0 ? [list(warnings)] : []),
    '## How it was trained',
    list([
      `${counted(parameters, 'parameter')}.`,
      ...rowsSentences(summary),
      ...measurement(summary, report.trials),
      ...(report.search ? searchSentences(report.search) : []),
    ]),
    '## Limits',
    list([
      'The scores hold for rows like the test rows: a split of the same data. Other times and places may differ.',
      `It was trained on ${counted(Object.keys(schema.tasks).length, 'task')} together. ` +
        'Nobody has looked for groups of rows that it treats worse: ' +
        '`polytask explain --by` shows what a group draws on.',
      'A value that is rare or absent in the training rows counts as unknown.',
    ]),
  ].join('\n\n')}\n`;
}

const DIGITS = 4;
const NONE = { low: NaN, high: NaN };

const PREDICTED = {
  probability: 'the probability of yes',
  probabilities: 'a probability for each class',
  labels: 'a probability for each label',
  number: "a number in the label's unit",
  survival: 'the probabilities of no event up to each cut point',
  quantiles: "quantiles in the label's unit",
} as const;

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
