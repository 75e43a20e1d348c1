import type { Explanation } from '../explain/explain-model.ts';
import { fusionHeatMaps } from '../pictures/fusion-heat-maps.ts';
import { importanceMap } from '../pictures/importance-map.ts';
import { drawTable, importanceTable } from './explanation-tables.ts';
import { formatCount } from './format.ts';
import { details, gallery, htmlPage, quiet } from './html-page.ts';
import { plainTable } from './html-table.ts';
import { htmlText } from './safe-text.ts';

/**
 * Renders an explanation as one HTML file without external resources, in light and dark colors.
 *
 * @param name of the model
 */
export function renderExplanationHtml(name: string, explanation: Explanation): string {
  const { importance, segments, rows } = explanation;
  const maps = segments.map(({ name: model, fusion }) => ({ model, pictures: fusionHeatMaps({ model, fusion }) }));
  return htmlPage(`${name}, explained`, [
    `<h1>${htmlText(`${name}, explained`)}</h1>`,
    quiet(`On ${formatCount(rows)} rows.`),
    ...(importance
      ? [
          gallery('Importance of the features', [importanceMap(importance)]),
          details('All features', plainTable(importanceTable(importance))),
        ]
      : []),
    ...(segments[0]?.fusion ?? []).map(
      (_, l) =>
        `<h3>Level ${l + 1}: what each lane takes from the experts of whom</h3>${plainTable(drawTable(explanation, l))}`,
    ),
    ...maps.map(({ model, pictures }, i) =>
      pictures.length === 0 ? '' : details(model, gallery('', pictures), i === 0),
    ),
  ]);
}
