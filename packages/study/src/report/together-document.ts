import { groupBy, mean } from '@polytask/components';
import { meanInterval, type Verdict } from '@polytask/metrics';
import { counted, formatDifference, formatInterval, joined, present } from '../format.ts';
import * as doc from './blocks.ts';
import { signedCell } from './differences.ts';
import { at, END, label, MIDDLE, textWidth, type Picture, drawPicture } from './pictures/chart.ts';
import { h, tooltip } from './pictures/markup.ts';
import { pairing } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { errorOf, errorsAgainst } from '../summary/comparisons.ts';
import type { PairRelation } from '../together/relations.ts';

/** Which tasks should share, and what came of it. */
export interface TogetherReport {
  readonly tasks: readonly string[];
  /** The seeds of the trainings that `pairs` is of. */
  readonly seeds: number;
  readonly pairs: readonly PairRelation[];
  /** Undefined when no pair is known to help each other. */
  readonly groups: readonly (readonly string[])[] | undefined;
  /** The trials of {@link TOGETHER_MODELS}; of `groups` if there are several. */
  readonly trials: readonly TrialResult[];
}

/** The models of the comparison: layers shared between all tasks, between none, and within groups. */
export const TOGETHER_MODELS = { together: 'shared-bottom', apart: 'single-task', groups: 'groups' } as const;

const { together: TOGETHER, apart: APART, groups: GROUPS } = TOGETHER_MODELS;

const DIGITS = 4;

/** Which tasks help each other, as a picture and a table, the proposed groups, and the comparison that tests them. */
export function togetherDocument(report: TogetherReport): doc.ReportDocument {
  const { tasks, pairs } = report;
  return doc.documentOf(
    `Which of ${counted(tasks.length, 'task')} should share`,
    doc.text(answerOf(report), 'answer'),
    doc.section('Pairs of tasks', [
      doc.pictures([taskGraph(tasks, pairs)]),
      doc.table(pairsTable(pairs)),
      doc.note(
        `The cosine of the gradients of two tasks for the layers that they share: 1, a step for one is a step for the other; ` +
          `−1, it undoes it. Mean over ${report.seeds} trainings ± half the 95% interval, on validation rows, ` +
          'each epoch weighted by its progress. ' +
          '▲ they help, ▼ they harm each other significantly. ' +
          'Affinity: by how much a step for one task lowers the loss of the other (TAG, Fifty et al., 2021), in percent.',
      ),
    ]),
    doc.section('Layer by layer', doc.table(layersTable(pairs)), 'detail'),
    doc.section('The proof', proofBlocks(report)),
    doc.section('How it was measured', doc.list(measurementOf(report)), 'detail'),
  );
}

function answerOf({ tasks, pairs, groups, seeds, trials }: TogetherReport): string[] {
  const of = (relation: PairRelation['relation']) =>
    pairs.filter((pair) => pair.relation === relation).map((pair) => pair.tasks.join(' and '));
  const [help, harm] = [of('help'), of('harm')];
  const found = present([
    help.length > 0 && `These help each other significantly: ${help.join('; ')}.`,
    harm.length > 0 && `These harm each other significantly: ${harm.join('; ')}.`,
  ]);
  if (!groups) {
    return [
      `Can't tell which tasks should share: no pair is known to help each other (${counted(seeds, 'seed')}). ` +
        'More rows or seeds may tell.',
      ...found,
      ...proofSentences(trials),
    ];
  }
  const named = groups.map((group) => (group.length === 1 ? `${group[0]} by itself` : joined(group)));
  const proposal =
    groups.length === 1
      ? 'All tasks belong together.'
      : `Proposed: ${named.join('; ')}. ${groups.length === tasks.length ? 'Nothing is to be shared.' : ''}`.trim();
  return [proposal, ...found, ...proofSentences(trials)];
}

/** The mean normalized losses of the models, the first one with the least, beside those of the model that shares everything. */
function comparedIn(trials: readonly TrialResult[]) {
  const byModel = groupBy(trials, ({ model }) => model);
  const base = byModel.get(TOGETHER) ?? [];
  return [...byModel]
    .map(([model, own]) => {
      const against = model === TOGETHER ? undefined : errorsAgainst(own, base);
      return { model, errors: own.map(errorOf), against };
    })
    .sort((a, b) => mean(a.errors) - mean(b.errors));
}

const WORDS: Readonly<Record<Verdict, string>> = {
  better: 'better than',
  worse: 'worse than',
  'no difference': 'not significantly different from',
  untested: 'undecided against',
};
const NAMES: Readonly<Record<string, string>> = { [APART]: 'All tasks apart', [GROUPS]: 'The groups' };

const proofSentences = (trials: readonly TrialResult[]): string[] =>
  present(
    comparedIn(trials).map(
      ({ model, against, errors }) =>
        against &&
        `${NAMES[model] ?? model}: ${WORDS[against.verdict]} all together on test rows ` +
          `(${formatDifference(against, DIGITS)} mean normalized loss, ${counted(errors.length, 'seed')}).`,
    ),
  );

function proofBlocks({ trials }: TogetherReport): doc.Blocks {
  const rows = comparedIn(trials);
  if (rows.length < 2) return false;
  return [
    doc.table(
      doc.tableOf(rows, [
        { title: 'model', cell: ({ model }) => model },
        { title: 'mean normalized loss ↓', cell: ({ errors }) => formatInterval(meanInterval(errors), DIGITS) },
        {
          title: `against ${TOGETHER}`,
          cell: ({ against }) => against && signedCell(formatDifference(against, DIGITS), against.verdict),
        },
      ]),
    ),
    doc.note(
      `${TOGETHER} shares all layers, ${APART} none, and ${GROUPS} those of each group. On test rows, which the choice of the groups ` +
        `has not seen. ▲ significantly better, ▼ significantly worse.`,
    ),
  ];
}

const measurementOf = ({ trials: [trial] }: TogetherReport): string[] =>
  present([
    "Pairs of tasks: t tests over trainings, 5%, with Holm's correction for the pairs.",
    trial && `The proof: ${pairing(trial.config).tests} over seeds, 5%, without correction.`,
  ]);

const verdictIn: Readonly<Record<PairRelation['relation'], Verdict>> = {
  help: 'better',
  harm: 'worse',
  unknown: 'no difference',
};

const byCosine = (pairs: readonly PairRelation[]): PairRelation[] =>
  [...pairs].sort((a, b) => (b.cosine || 0) - (a.cosine || 0));

const pairsTable = (pairs: readonly PairRelation[]): doc.Table =>
  doc.tableOf(byCosine(pairs), [
    { title: 'tasks', cell: ({ tasks }) => tasks.join(', ') },
    {
      title: 'cosine',
      cell: ({ cosine, high, relation }) =>
        signedCell(formatDifference({ difference: cosine, high }, 2), verdictIn[relation]),
    },
    { title: 'first epoch', cell: ({ first }) => first.toFixed(2) },
    { title: 'last epoch', cell: ({ last }) => last.toFixed(2) },
    { title: 'affinity %', cell: ({ affinity }) => (100 * affinity).toFixed(2) },
  ]);

/** The parameters of a level count together. */
const layerOf = (parameter: string): string => /^[^.]+(\.\d+)?/.exec(parameter)![0];

function layersTable(pairs: readonly PairRelation[]): doc.Table {
  const layers = [...new Set(pairs.flatMap(({ byParameter }) => Object.keys(byParameter).map(layerOf)))];
  return doc.tableOf(byCosine(pairs), [
    { title: 'tasks', cell: ({ tasks }) => tasks.join(', ') },
    ...layers.map((layer) => ({
      title: layer,
      cell({ byParameter }: PairRelation) {
        const own = Object.entries(byParameter).filter(
          ([name, cosine]) => layerOf(name) === layer && cosine === cosine,
        );
        return own.length === 0 ? '' : mean(own.map(([, cosine]) => cosine)).toFixed(2);
      },
    })),
  ]);
}

const RADIUS = 90;

/** Tasks on a circle, with a line for each pair that helps or harms each other, as wide as the cosine is far from 0. */
function taskGraph(tasks: readonly string[], pairs: readonly PairRelation[]): Picture {
  const margin = Math.max(...tasks.map((task) => textWidth(task))) + 20;
  const [x, y] = [RADIUS + margin, RADIUS + 24];
  const placeOf = (task: string) => {
    const angle = (2 * Math.PI * tasks.indexOf(task)) / tasks.length - Math.PI / 2;
    return [RADIUS * Math.cos(angle), RADIUS * Math.sin(angle)] as const;
  };
  const edges = pairs.flatMap(({ tasks: [a, b], cosine, relation }) => {
    if (relation === 'unknown') return [];
    const [[x1, y1], [x2, y2]] = [placeOf(a), placeOf(b)];
    const look = { class: relation === 'help' ? 'better' : 'worse', stroke: 'currentColor', 'stroke-opacity': '0.6' };
    const width = 1 + 12 * Math.abs(cosine);
    return [
      h('line', { x1, y1, x2, y2, ...look, 'stroke-width': width }, tooltip(`${a} and ${b}: ${cosine.toFixed(2)}`)),
    ];
  });
  const nodes = tasks.map((task) => {
    const [cx, cy] = placeOf(task);
    const anchor = Math.abs(cx) < 1 ? MIDDLE : cx < 0 ? END : {}; // names stand outside of the circle
    const [left, top] = [1.15 * cx, 1.15 * cy + 4];
    return [h('circle', { class: 'accent edge', cx, cy, r: 6 }), label(left, top, task, { ...anchor, class: 'name' })];
  });
  return drawPicture(
    'which-together',
    'Which tasks help each other (green) or harm each other (red): the width is the cosine of their gradients',
    { width: 2 * x, height: 2 * y, content: at(x, y, [edges, nodes]) },
  );
}
