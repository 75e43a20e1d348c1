import { type TablePictures, tablePictures } from './pictures/pictures.ts';
import { selectionMeasure } from '../summary/metric-entries.ts';
import { formatValues, sensitivityTable } from '../summary/sensitivity.ts';
import { type Standing, standingsOf } from '../summary/standings.ts';
import type { ContextTable, PartTable, ScoreTable, Summary } from '../summary/summary.ts';
import { settingKey, type Failure, type TrialResult } from '../results/trial-result.ts';
import { pairing, pairOf } from '../results/folds.ts';
import { BALANCING, balancingTable, fusionTables, levelNames, WEIGHTS } from './trial-tables.ts';
import * as doc from './blocks.ts';
import { comparisonTable, correctedAway, differenceTable } from './differences.ts';
import { footnotes, resultTable, scoresTable } from './result-table.ts';
import { capitalized, counted, formatCount, formatDifference, formatNumber, formatShare } from '../format.ts';
import { membersOf } from '../explain/explain-model.ts';
import { leaderboard, leaderboardNotes } from './leaderboard.ts';
import { markWarnings } from './marked-warnings.ts';
import { caveats, describeFailure, measurementBlocks } from './measurement.ts';
import { overviewBlocks } from './overview.ts';
import { rowsSentences } from '../suites/row-counts.ts';
import { comparisonSentences } from './comparison-sentences.ts';

export interface ReportInput {
  readonly summaries: readonly Summary[];
  readonly trials: readonly TrialResult[];
  readonly failures?: readonly Failure[] | undefined;
  /** Whether to make the details and the pictures, too. `renderText` leaves them out. Default: true. */
  readonly details?: boolean | undefined;
}

/**
 * The report of a comparison. It begins with advice and the answer; then come a leaderboard, pictures, and for analysts the numbers. A
 * run of several settings begins with an overview, and has a section for each setting.
 *
 * @example renderHtml(comparisonDocument({ summaries, trials }))
 */
export function comparisonDocument(input: ReportInput): doc.ReportDocument {
  const { summaries, trials, failures = [], details = true } = input;
  const isSeveral = summaries.length > 1;
  return doc.documentOf(
    summaries[0]?.suite ?? 'No results',
    overviewBlocks(summaries),
    isSeveral && { kind: 'contents' },
    summaries.map((summary) => {
      const own = trials.filter((trial) => settingKey(trial) === summary.key);
      const blocks = (details ? settingBlocks : mainBlocks)(summary, own);
      return isSeveral ? doc.section(summary.setting, blocks) : blocks;
    }),
    doc.section('Trials that failed', doc.list(failures.map(describeFailure))),
    details && doc.section('What it cannot say', doc.list(caveats(summaries)), 'detail'),
    { kind: 'link', text: 'Open the playground', address: PLAYGROUND, rest: DROP, importance: 'detail' },
  );
}

const PLAYGROUND = 'https://polytask.github.io/polytask/playground/index.html';
const DROP =
  ' and drop results.jsonl on the page: it compares any two models seed by seed, and plays their trainings. Nothing leaves your browser.';

const mainBlocks = (summary: Summary, trials: readonly TrialResult[]): doc.Blocks => [
  answerBlocks(summary, trials),
  digitsBlocks(summary),
  differenceBlocks(summary),
];

function settingBlocks(summary: Summary, trials: readonly TrialResult[]): doc.Blocks {
  const standings = ranked(summary, trials);
  const models = standings.length > 0 ? standings.map((each) => each.summary) : summary.models;
  const drawn = tablePictures({ ...summary, models }, trials);
  const first = summary.seeds[0]!;
  const { noun } = pairing(summary.config);
  const firstTrials = trials.filter((trial) => pairOf(trial) === first);
  return [
    answerBlocks(summary, trials, standings),
    doc.pictures(drawn.gains),
    doc.pictures(drawn.costs),
    { kind: 'contents' },
    digitsBlocks(summary),
    differenceBlocks(summary, drawn),
    doc.section(`${capitalized(noun)} by ${noun}`, doc.pictures(drawn.seeds, 'detail'), 'detail'),
    unseenBlocks(summary),
    contextBlocks(summary),
    sensitivityBlocks(summary, drawn),
    doc.section('Learning curves', doc.pictures(drawn.curves), 'detail'),
    doc.section(`Balancing, ${noun} ${first}`, balancingBlocks(firstTrials), 'detail'),
    doc.section(`Fusion weights, ${noun} ${first}`, fusionBlocks(firstTrials, drawn.fusion), 'detail'),
    doc.section('How it was measured', measurementBlocks(summary, trials), 'detail'),
  ];
}

/** The top of a report: advice, the answer and the leaderboard. A manager reads no further. */
export function answerBlocks(
  summary: Summary,
  trials: readonly TrialResult[],
  standings: readonly Standing[] = ranked(summary, trials),
): doc.Blocks {
  const { answer, limits, tasks } = comparisonSentences(summary);
  const { models, seeds, engine, config } = summary;
  const counts = `${counted(models.length, 'model')}, ${counted(seeds.length, pairing(config).noun)}, on ${engine}.`;
  return [
    doc.text(answer, 'answer'),
    doc.text(tasks),
    doc.text(limits),
    doc.note(counts, ...rowsSentences(summary)),
    standings.length > 0 && [doc.table(leaderboard(summary, standings)), doc.text(leaderboardNotes(summary), 'note')],
  ];
}

/** The models, the best one first; empty for one, which has nothing to be compared with. */
const ranked = (summary: Summary, trials: readonly TrialResult[]): Standing[] =>
  summary.models.length > 1 ? standingsOf(summary, trials) : [];

/** The scores in digits, with warnings and footnotes. */
export function digitsBlocks(summary: Summary, importance?: doc.Importance): doc.Blocks {
  const warnings = markWarnings(summary);
  return doc.section(
    'Results in digits',
    [
      doc.table(resultTable(summary, warnings)),
      doc.lines(warnings.lines, 'warning'),
      doc.lines(footnotes(summary), 'note'),
    ],
    importance,
  );
}

export function differenceBlocks(summary: Summary, drawn?: TablePictures): doc.Blocks {
  const wide = summary.seeds.length > 1 ? comparisonTable(summary) : undefined;
  if (!wide) return false;
  return doc.section(`Differences from ${summary.baseline}`, [
    doc.table(wide),
    doc.text(correctedAway(summary), 'note'),
    drawn && doc.pictures(drawn.differences),
    doc.section('All differences', doc.table(differenceTable(summary), true), 'detail'),
  ]);
}

/** With fewer test rows, the scores of a value of a context are chance. */
const ENOUGH_ROWS = 100;

/** A table for each value of each context, and one line for the values with too few rows. */
function contextBlocks({ byContext = [] }: Summary): doc.Blocks {
  const few = byContext.filter(({ rows }) => rows.most < ENOUGH_ROWS);
  const nameOf = ({ context, value }: ContextTable) => `${context} ${value ?? 'missing'}`;
  const named = few.map((part) => `${nameOf(part)} (${formatCount(part.rows.most)})`).join(', ');
  return [
    byContext
      .filter((part) => !few.includes(part))
      .map((part) => doc.section(`On the ${rowsIn(part)} with ${nameOf(part)}`, partBlocks(part), 'detail')),
    doc.section(
      `Contexts with fewer than ${ENOUGH_ROWS} test rows`,
      doc.text([named !== '' && `Too few for a table: ${named}.`]),
      'detail',
    ),
  ];
}

function partBlocks(part: PartTable): doc.Blocks {
  const differences = doc.table(comparisonTable(part));
  return [
    doc.table(scoresTable(part, part.models)),
    differences && [doc.text([`Minus ${part.baseline}:`]), differences],
  ];
}

const rowsIn = ({ rows, share }: PartTable): string => {
  const count =
    rows.least === rows.most ? formatCount(rows.most) : `${formatCount(rows.least)} to ${formatCount(rows.most)}`;
  return `${count} test rows (${formatShare(share)})`;
};

/** The test rows whose features occur in no training row. Nothing where all test rows are unseen, or none. */
const unseenBlocks = ({ unseen }: Summary): doc.Blocks =>
  unseen &&
  doc.section(
    `On the ${rowsIn(unseen)} whose features occur in no training row`,
    [
      partBlocks(unseen),
      doc.note(
        'The same predictions of the same models, measured on these rows alone. ' +
          'The features of the other test rows, as a model reads them, occur among the rows that it was trained on, ' +
          'with these labels or others: what it says of them it may remember.',
        `Means, intervals and signs as above${holm(unseen)}.`,
      ),
    ],
    'detail',
  );

function holm({ comparisons }: ScoreTable): string {
  const tests = Math.max(0, ...Object.values(comparisons).map(({ family }) => family));
  return tests > 1 ? `; Holm's correction is for the ${formatCount(tests)} comparisons of this table` : '';
}

/** The influence of the configuration on the differences. Nothing without a search. */
function sensitivityBlocks(summary: Summary, { sensitivity }: TablePictures): doc.Blocks {
  if (summary.sensitivity.length === 0) return false;
  const { baseline } = summary;
  const { metric, configurations, rows } = sensitivityTable(summary);
  const { digits, label, mean } = selectionMeasure(metric);
  const compared = configurations.length > 0;
  const head = [
    ...['model', ...configurations.map(({ values }) => formatValues(values))],
    ...(compared ? ['ahead'] : []),
    ...[`${label} from`, 'to'],
  ];
  const cells = rows.map(({ model, differences, ahead, both, least, most }) => [
    model,
    ...configurations.map(({ score }, c) =>
      model === baseline
        ? formatNumber(score, digits)
        : formatDifference({ difference: differences[c]!, high: NaN }, digits),
    ),
    ...(compared ? [model === baseline || both === 0 ? '' : `${ahead} of ${both}`] : []),
    ...[formatNumber(least, digits), formatNumber(most, digits)],
  ]);
  const notes = [
    `${capitalized(mean)} on the validation rows of the search's one seed, of the configurations that were trained in full` +
      (compared
        ? `: that of ${baseline}, and the others' minus that of ${baseline} under the same configuration. ` +
          'ahead: in how many of those that both have the model is better'
        : '') +
      ". The last two columns are the range of a model's own scores.",
    'One seed, and the rows that configurations and epochs were picked by: ' +
      'it shows how much a difference depends on the configuration, and is no test of it.',
  ];
  return doc.section(
    'Under other configurations',
    [doc.rows(head, cells), doc.lines(notes, 'note'), doc.pictures(sensitivity)],
    'detail',
  );
}

function balancingBlocks(trials: readonly TrialResult[]): doc.Blocks {
  const models = doc.blocksOf(
    trials.map((trial) => doc.section(trial.model, doc.table(balancingTable(trial)), 'detail')),
  );
  return models.length > 0 && [doc.note(BALANCING), models];
}

export function fusionBlocks(trials: readonly TrialResult[], drawn: TablePictures['fusion']): doc.Blocks {
  const models = trials.map((trial) => {
    const levels = drawn.find(({ model }) => model === trial.model)?.levels ?? [];
    const names = levelNames(trial.fusion, membersOf(trial.config.model.network));
    const tables = fusionTables(trial).map((level, l) => [doc.text([capitalized(names[l]!)]), doc.table(level)]);
    return doc.section(
      trial.model,
      [doc.pictures(levels, 'detail'), doc.section('In digits', tables, 'detail')],
      'detail',
    );
  });
  return doc.blocksOf(models).length > 0 && [doc.note(WEIGHTS), models];
}
