import { groupBy, sum } from '@polytask/components';
import type { Explanation, SegmentFusion, FeatureEffects, ValueEffect } from '../explain/explain-model.ts';
import type { FeatureImportance, TaskImportance } from '../explain/permutation-importance.ts';
import { importanceMap, rankedFeatures, fusionHeatMaps } from './pictures/heat-map.ts';
import { metricFormat } from '../summary/metric-entries.ts';
import type { FusionLevelWeights } from '../results/trial-result.ts';
import * as doc from './blocks.ts';
import { capitalized, formatCount, formatShare } from '../format.ts';
import { levelNames } from './trial-tables.ts';
import { type Picture, drawPicture, slug } from './pictures/chart.ts';
import { lineChart } from './pictures/line-chart.ts';
import { leftOutSentences, type SeenCount } from './training-answer.ts';

/**
 * The features and experts that a trained model uses: the importance of its features, and the shares of experts in its tasks.
 *
 * @param name of the model
 */
export function explanationDocument(
  name: string,
  { importance, segments, members, rows, effects, leftOut = [] }: Explanation & { leftOut?: readonly SeenCount[] },
): doc.ReportDocument {
  return doc.documentOf(
    `${name}, explained`,
    doc.note(`On ${formatCount(rows)} rows.`),
    importance &&
      doc.section('Importance of the features', [
        doc.note('How much worse each task gets when a feature has the values of other rows; mean ± deviation.'),
        doc.pictures([importanceMap(importance)]),
        doc.table(importanceTable(importance)),
        doc.text(unmeasured(importance), 'note'),
      ]),
    effectBlocks(effects),
    sharingBlocks(segments, members),
    leftOutSentences(leftOut).map((sentence) => doc.note(sentence)),
  );
}

function importanceTable(importance: Readonly<Record<string, TaskImportance>>): doc.Table {
  const tasks = Object.entries(importance).filter(([, { value }]) => !Number.isNaN(value));
  return doc.textTable(
    [
      'feature',
      ...tasks.map(([task, { metric, value }]) => `${task}: ${metricFormat(metric).label} ${value.toFixed(4)} loses`),
    ],
    rankedFeatures(importance).map((feature) => [
      feature,
      ...tasks.map(([, { features }]) => dropText(features.find((each) => each.feature === feature)!)),
    ]),
  );
}

const SPIKES = 5;

const spike = ({ prediction, nearby }: ValueEffect) => Math.abs(prediction - nearby);

/** The predictions at repeated values, compared with numbers of the same size. Of several classes, the one that they change most is shown. */
function effectBlocks(all: readonly FeatureEffects[]): doc.Blocks {
  if (all.length === 0) return false;
  const largest = ({ effects }: FeatureEffects) => Math.max(...effects.map(spike));
  const shown = all.filter((each) => {
    const classes = all.filter(({ feature, task }) => feature === each.feature && task === each.task);
    return each === classes.reduce((a, b) => (largest(b) > largest(a) ? b : a));
  });
  const rows = shown.flatMap(({ feature, effects, ...of }) =>
    effects
      .toSorted((a, b) => spike(b) - spike(a))
      .slice(0, SPIKES)
      .map(({ value, prediction, nearby }) => [
        ...[feature, formatCount(value), predictedName(of)],
        ...[prediction.toPrecision(3), nearby.toPrecision(3)],
      ]),
  );
  return doc.section('Repeated values of numbers', [
    doc.note(
      'The mean prediction if all rows had this value, and if they had a number of this size that is not repeated.',
      `The ${SPIKES} values with the largest difference.`,
    ),
    doc.pictures(effectsPlots(shown)),
    doc.rows(['feature', 'value', 'prediction of', 'at the value', 'near it'], rows),
  ]);
}

const unmeasured = (importance: Readonly<Record<string, TaskImportance>>): string[] =>
  Object.entries(importance)
    .filter(([, { value }]) => Number.isNaN(value))
    .map(([task, { metric }]) => `${task} is left out: ${metricFormat(metric).label} isn't defined on these labels.`);

/** `0.0213 ±0.0020` */
const dropText = ({ drop, deviation }: FeatureImportance): string =>
  `${drop.toFixed(4)}${Number.isNaN(deviation) ? '' : ` ±${deviation.toFixed(4)}`}`;

/** The shares of each unit's experts in each task representation: a table per level. A model that shares nothing has a sentence. */
function sharingBlocks(segments: readonly SegmentFusion[], members: Explanation['members']): doc.Blocks {
  const levels = segments[0]?.fusion ?? [];
  if (levels.length === 0) return doc.text(['The model has no experts that tasks could share.']);
  if (!isSharing(segments)) return doc.text(['Each task uses only its own experts.']);
  return [
    levelNames(levels, members).map((name, l) =>
      doc.section(`${capitalized(name)}: whose experts each task uses`, doc.table(unitTable(segments, l))),
    ),
    segments.map(({ name: model, fusion }) =>
      doc.section(model, doc.pictures(fusionHeatMaps({ model, fusion, members })), 'detail'),
    ),
  ];
}

const isSharing = (segments: readonly SegmentFusion[]): boolean =>
  segments.some(({ fusion }) =>
    fusion.some((level) =>
      level.outputs.some((lane, u) =>
        Object.entries(unitShares(level, u)).some(([unit, share]) => unit !== lane && share > 0),
      ),
    ),
  );

/** The shares of the experts of each unit in a task representation: of the sum of absolute weights, from 0 to 1. */
function unitShares({ experts, gated, constant }: FusionLevelWeights, lane: number): Record<string, number> {
  const sizes = experts.map((_, e) => Math.abs(gated[lane]![e]! + constant[lane]![e]!));
  const total = sum(sizes);
  const byUnit = groupBy(experts.keys(), (e) => experts[e]!.slice(0, experts[e]!.lastIndexOf('.')));
  return Object.fromEntries([...byUnit].map(([unit, own]) => [unit, sum(own, (e) => sizes[e]! / total)]));
}

function unitTable(segments: readonly SegmentFusion[], level: number): doc.Table {
  const units = Object.keys(unitShares(segments[0]!.fusion[level]!, 0));
  const rows = segments.flatMap(({ name, rows: count, fusion }) =>
    fusion[level]!.outputs.map((lane, u) => {
      const shares = unitShares(fusion[level]!, u);
      return [name, formatCount(count), lane, ...units.map((unit) => formatShare(shares[unit]!))];
    }),
  );
  return doc.textTable(['segment', 'rows', 'task', ...units.map((unit) => `from ${unit}`)], rows);
}

const MOST = 12;

/** The name of a prediction: `income`, or `marital: Widowed`. */
const predictedName = ({ task, of }: Pick<FeatureEffects, 'task' | 'of'>): string =>
  of === undefined ? task : `${task}: ${of}`;

/** The mean prediction at repeated values of numbers (points), and at numbers of this size that are not repeated (line). */
const effectsPlots = (effects: readonly FeatureEffects[]): Picture[] =>
  effects.slice(0, MOST).map(({ feature, effects: all, ...of }) => {
    const chart = lineChart({
      ...{ title: predictedName(of), xTitle: feature, width: 280, height: 190, xTicks: 4 },
      series: [
        { name: 'near the value', look: 'dash1', points: all.map(({ value, nearby }) => [value, nearby]) },
        {
          name: 'at the value',
          look: 'accent',
          points: all.flatMap(({ value, prediction }) => [
            [value, prediction],
            [value, NaN], // no line between points
          ]),
          marked: true,
        },
      ],
    });
    const caption = `${predictedName(of)}, by ${feature}: points at repeated values, a line at numbers near them`;
    return drawPicture(`effects-${slug(predictedName(of))}-${slug(feature)}`, caption, chart);
  });
