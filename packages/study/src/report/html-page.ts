import { type Picture, svgText } from '../pictures/picture.ts';
import type { TablePictures } from '../pictures/pictures.ts';
import { colorRules, PICTURE_RULES } from '../pictures/theme.ts';
import { htmlText } from './safe-text.ts';
import { type ViewData, viewJson } from './view-data.ts';
import { VIEWS } from './views-bundle.ts';

// The parts that all HTML reports have in common.

/**
 * A page without external resources, in light and dark colors. A policy in the page lets it load nothing, and run no script but that of the
 * views.
 *
 * @param body HTML
 * @param tables what the views of the body draw. Without a table, the page has no script
 */
export const htmlPage = (title: string, body: readonly string[], tables: readonly ViewData[] = []): string => {
  const hasViews = tables.length > 0;
  const policy = `default-src 'none'; style-src 'unsafe-inline'${hasViews ? `; script-src '${VIEWS.hash}'` : ''}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
<style>${hasViews ? VIEWS.style : ''}${STYLE}</style>
</head>
<body>
${body.join('\n')}
${hasViews ? `<script type="application/json" id="views">${viewJson(tables)}</script>\n<script>${VIEWS.script}</script>\n` : ''}</body>
</html>
`;
};

/** The interactive views of a table. */
export type ViewName = 'seeds' | 'differences' | 'training';

/**
 * A place that the script of the page fills with a view.
 *
 * @param table its index among the tables of the page
 * @param content what stands there without scripts, as HTML
 */
export const view = (name: ViewName, table: number, content = ''): string =>
  `<div data-view="${name}" data-table="${table}">${content}</div>`;

/** The sentences that answer the question of a page. */
export const answer = (sentences: readonly string[]): string =>
  `<p class="answer">${htmlText(sentences.join(' '))}</p>`;

export const quiet = (text: string): string => `<p class="quiet">${htmlText(text)}</p>`;

export const notes = (lines: readonly string[]): string =>
  `<div class="quiet notes">${lines.map((line) => `<p>${htmlText(line)}</p>`).join('')}</div>`;

export const figure = (picture: Picture): string =>
  `<figure><div class="wide">${svgText(picture)}</div><figcaption>${htmlText(picture.caption)}.</figcaption></figure>`;

/** Pictures under a title, or nothing. */
export const gallery = (title: string, pictures: readonly Picture[]): string =>
  pictures.length === 0 ? '' : `<h3>${title}</h3>${pictures.map(figure).join('')}`;

export const details = (title: string, content: string, open = false): string =>
  `<details${open ? ' open' : ''}><summary>${htmlText(title)}</summary>${content}</details>`;

export const list = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${htmlText(item).replace(/`([^`]+)`/g, '<code>$1</code>')}</li>`).join('')}</ul>`;

/** Warnings, or nothing. */
export const warningLines = (lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<div class="warnings">${lines.map(warning).join('')}</div>`;

/** A line of warnings, its mark in the color of the table's marks. */
const warning = (line: string): string =>
  `<p>${htmlText(line).replace(/^\[\d+\]/, (mark) => `<span class="mark">${mark}</span>`)}</p>`;

/** The heat maps of the fusion weights, model by model. Nothing without levels. */
export const fusionFigures = (fusion: TablePictures['fusion'], seed: number): string[] => [
  fusion.length === 0 ? '' : `<h3>Fusion weights, seed ${seed}</h3>${quiet(WEIGHTS)}`,
  ...fusion.map(({ model, levels }) =>
    details(
      model,
      `<div class="row">${levels.map((level) => `<figure class="wide">${svgText(level)}</figure>`).join('')}</div>`,
      true,
    ),
  ),
];

const WEIGHTS =
  'Rows are lanes, columns the experts (unit.index) that they take from. ' +
  'Color is the size of the weight within a panel; red is below 0.';

const STYLE = `${colorRules(':root')}${PICTURE_RULES}
body{margin:2rem auto;max-width:1240px;padding:0 1.25rem;box-sizing:border-box;
font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.7rem;margin:0 0 .5rem}h2{font-size:1.3rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:2rem 0 .5rem}
nav a{color:var(--accent);margin-right:1rem}
.quiet,figcaption{color:var(--quiet);font-size:13px}.notes p{margin:.15rem 0}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap;margin:.5rem 0}
th,td{padding:.3rem .6rem;text-align:right;border-bottom:1px solid var(--line);font-weight:400}
th:first-child{text-align:left}thead th{color:var(--quiet)}
.over th{border:0;text-align:center;color:var(--ink);font-weight:600;padding-bottom:0}
tbody th{font-weight:600}.winner{font-weight:700}.good{color:var(--good)}.bad{color:var(--bad)}
.answer{font-size:1.1rem;max-width:60rem;margin:.75rem 0}a{color:var(--accent)}
.warnings{margin:.25rem 0 .75rem;font-size:13px}.warnings p{margin:.15rem 0}.mark{color:var(--bad);font-weight:600}
figure{margin:1rem 0}.row{display:flex;flex-wrap:wrap;gap:0 2.5rem}.row figure{margin:.25rem 0}
figure svg{display:block}
details{margin:.5rem 0}summary{cursor:pointer;font-weight:600}
code{font-size:12px;overflow-wrap:anywhere}`;
