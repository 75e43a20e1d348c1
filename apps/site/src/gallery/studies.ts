import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  differenceRows,
  type DifferenceRow,
  formatDifference,
  mainColumns,
  metricFormat,
  SIGNS,
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
  foldersWith('docs/results', 'summary.json').map((folder) => ({
    folder,
    summaries: JSON.parse(readFileSync(path.join(ROOT, folder, 'summary.json'), 'utf8')) as Summary[],
  }));

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

/** The heat maps of a model's weights in a study, level by level. @returns paths, relative to the repository */
export function heatMaps({ folder }: Study, model: string): string[] {
  const paths: string[] = [];
  for (let level = 1; ; level++) {
    const picture = `${folder}/pictures/fusion-${model}-level-${level}.svg`;
    if (!existsSync(path.join(ROOT, picture))) return paths;
    paths.push(picture);
  }
}
