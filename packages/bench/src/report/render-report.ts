import { machine } from '../environment.ts';
import type { Failure } from '../run-options.ts';
import type { Summary } from '../summary/summary.ts';
import type { Trial } from '../trials/trial.ts';
import { balancingTable } from './balancing-tables.ts';
import { footnotes } from './footnotes.ts';
import { fusionTables } from './fusion-tables.ts';
import { markdownTable } from './markdown-table.ts';
import { resultTable } from './result-table.ts';

/** What a report is made of. */
export interface ReportInput {
  readonly summary: Summary;
  readonly trials: readonly Trial[];
  readonly failures?: readonly Failure[] | undefined;
}

/** The report of a run in Markdown: the table, how it was measured, what it can't say, and the fusion weights. */
export function renderReport({ summary, trials, failures = [] }: ReportInput): string {
  const { columns, rows } = resultTable(summary);
  const head = columns.map(({ over, title }) => (over ? `${over} ${title}` : title));
  const cells = rows.map((row) => row.map(({ text, winner }) => (winner ? `**${text}**\\*` : text)));
  const seed = summary.seeds[0]!;
  const balancing = trials.filter((trial) => trial.seed === seed).map(balancingTable).filter(Boolean);
  const weights = trials.filter((trial) => trial.seed === seed).map(fusionTables).filter(Boolean);
  return `${[
    `# ${summary.suite}`,
    markdownTable(head, cells),
    ...footnotes(summary).map((line) => line.replace(/^\*/, '\\*')),
    ...(failures.length === 0 ? [] : ['## Trials that failed', list(failures.map(({ model, seed, error }) => `${model}, seed ${seed}: ${error.message}`))]),
    '## How it was measured',
    list(measurement(summary, trials)),
    '## What it cannot say',
    list(CAVEATS),
    ...(balancing.length === 0 ? [] : [`## Balancing, seed ${seed}`, BALANCING, ...balancing]),
    ...(weights.length === 0 ? [] : [`## Fusion weights, seed ${seed}`, WEIGHTS, ...weights]),
  ].join('\n\n')}\n`;
}

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

const BALANCING =
  'Means over the steps of an epoch. cosine: over pairs of tasks\' gradients; conflicts: the share of pairs in which it is negative.';

const WEIGHTS =
  'Rows are lanes, columns the experts (`unit.index`) that they take from. `0.21 ±0.05` is the mean of a gate over the test rows and its deviation; `+ 0.40`, or a number alone, is what does not depend on the row.';

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
