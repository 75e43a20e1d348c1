import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  differenceRows,
  type DifferenceRow,
  formatDifference,
  fusionHeatMaps,
  mainColumns,
  metricFormat,
  type Picture,
  readTrials,
  settingKey,
  SIGNS,
  svgFile,
  type Summary,
  type TrialResult,
} from '@polytask/study';
import { foldersWith, ROOT } from '../repository.ts';

/** A comparison of `docs/results`. */
export interface Study {
  /** `docs/results/related-work` */
  readonly folder: string;
  readonly summaries: readonly Summary[];
}

/** The result of a model in one setting of a study. */
export interface Measured {
  readonly study: Study;
  readonly setting: string;
  readonly baseline: string;
  /** Model − baseline in the main metric of each task. Empty for the baseline itself. */
  readonly differences: readonly DifferenceRow[];
}

/** All comparisons whose results are in the repository. */
export const readStudies = (): Study[] =>
  foldersWith('docs/results', 'summary.json.gz').map((folder) => {
    const packed = readFileSync(path.join(ROOT, folder, 'summary.json.gz'));
    return { folder, summaries: JSON.parse(gunzipSync(packed).toString()) as Summary[] };
  });

/** The comparison of the most of these models. It has nearly all, under the same conditions. */
export const widestOf = (studies: readonly Study[], models: readonly string[]): Study => {
  const count = ({ summaries }: Study) => summaries[0]!.models.filter(({ model }) => models.includes(model)).length;
  return studies.reduce((widest, study) => (count(study) > count(widest) ? study : widest));
};

/** The results of a model in all settings in which it was compared, by its name. */
export const measured = (studies: readonly Study[], model: string): Measured[] =>
  studies.flatMap((study) =>
    study.summaries
      .filter(({ models }) => models.some((each) => each.model === model))
      .map((summary) => ({
        study,
        setting: summary.setting,
        baseline: summary.baseline,
        differences: mainColumns(summary.columns).flatMap(
          (column) =>
            differenceRows(summary).find(
              (row) => row.model === model && row.task === column.task && row.metric === column.metric,
            ) ?? [],
        ),
      })),
  );

/** A difference with its interval and sign: `+0.0012 ±0.0004 ▲`. */
export const differenceText = (row: DifferenceRow): string =>
  `${formatDifference(row, metricFormat(row.metric).digits)}${SIGNS[row.verdict]}`.trimEnd();

/** The trials of a study's first setting. */
export async function trialsOf({ folder, summaries: [summary] }: Study): Promise<TrialResult[]> {
  const file = path.join(ROOT, folder, 'results.jsonl.gz');
  return (await readTrials(readFileSync(file), file)).filter((trial) => settingKey(trial) === summary!.key);
}

/** A heat map as a file of SVG. */
export interface HeatMapFile extends Picture {
  readonly svg: string;
}

/** The trial of a model with its first seed. @param trials as {@link trialsOf} gives them */
export const firstTrial = (trials: readonly TrialResult[], model: string): TrialResult | undefined =>
  trials.filter((trial) => trial.model === model).sort((a, b) => a.seed - b.seed)[0];

/** Draws the heat maps of a trial's weights as SVG files, level by level. None for a model without weights. */
export const heatMaps = (trial: TrialResult): HeatMapFile[] =>
  fusionHeatMaps(trial).map((picture) => ({ ...picture, svg: svgFile(picture) }));
