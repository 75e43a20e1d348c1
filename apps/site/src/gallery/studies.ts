import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  differenceRows,
  type DifferenceRow,
  type DrawnPicture,
  formatDifference,
  fusionHeatMaps,
  mainColumns,
  metricFormat,
  readTrials,
  renderSvg,
  settingKey,
  SIGNS,
  standalone,
  type Summary,
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

/**
 * Draws the heat maps of the weights after a training of a study's first setting, first seed, level by level.
 *
 * @returns SVG files by model. Models without weights are left out
 */
export async function heatMaps({ folder, summaries: [summary] }: Study): Promise<Map<string, DrawnPicture[]>> {
  const file = path.join(ROOT, folder, 'results.jsonl.gz');
  const trials = (await readTrials(readFileSync(file), file)).filter((trial) => settingKey(trial) === summary!.key);
  const maps = new Map<string, DrawnPicture[]>();
  for (const { model, seeds } of summary!.models) {
    const trial = trials.find((each) => each.model === model && each.seed === seeds[0]);
    const pictures = trial ? fusionHeatMaps(trial) : [];
    const drawn = pictures.map(async (picture) => ({ ...picture, svg: standalone(await renderSvg(picture)) }));
    if (drawn.length > 0) maps.set(model, await Promise.all(drawn));
  }
  return maps;
}
