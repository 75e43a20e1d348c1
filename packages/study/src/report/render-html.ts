import type { DrawnPicture, TablePictures } from '../pictures/picture.ts';
import { colorRules } from '../pictures/theme.ts';
import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { BALANCING, balancingTable } from './balancing-tables.ts';
import { comparisonTable, differenceTable } from './differences.ts';
import { footnotes } from './footnotes.ts';
import { counted } from './format.ts';
import { htmlTable, plainTable } from './html-table.ts';
import { markWarnings } from './marked-warnings.ts';
import { overviewOf } from './overview.ts';
import { caveats, describeFailure, measurement, trialsOf, type ReportInput } from './report-parts.ts';
import { sensitivitySection, unseenSection } from './report-sections.ts';
import { resultTable } from './result-table.ts';
import { rowsSentences } from './row-counts.ts';
import { htmlText } from './safe-text.ts';
import { verdict } from './verdict.ts';

/**
 * Renders the report as one HTML file without external resources: tables and SVG pictures, in light and dark colors.
 *
 * @param pictures one entry for each summary, as `drawPictures` makes them
 * @example await writeFile('report.html', renderHtml({ summaries, trials }, pictures));
 */
export function renderHtml(
  { summaries, trials, failures = [] }: ReportInput,
  pictures: readonly TablePictures[],
): string {
  const title = summaries[0]?.suite ?? 'No results';
  const sections = summaries.map((summary, i) => section(summary, trialsOf(summary, trials), pictures[i]!, i));
  const contents =
    summaries.length > 1 && !overviewOf(summaries)
      ? `<nav>${summaries.map(({ setting }, i) => `<a href="#table-${i + 1}">${htmlText(setting)}</a>`).join(' ')}</nav>`
      : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}: Polytask bench</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${htmlText(title)}</h1>
${overview(summaries)}
${contents}
${sections.join('\n')}
${failures.length === 0 ? '' : `<h2>Trials that failed</h2>${list(failures.map(describeFailure))}`}
<h2>What it cannot say</h2>
${list(caveats(summaries))}
</body>
</html>
`;
}

function section(summary: Summary, trials: ReportInput['trials'], pictures: TablePictures, i: number): string {
  const { setting, models, seeds, engine, baseline } = summary;
  const warnings = markWarnings(summary);
  const comparison = comparisonTable(summary);
  const differences = differenceTable(summary);
  const rows = [`${counted(models.length, 'model')}, ${counted(seeds.length, 'seed')}, on ${engine}.`];
  const balancing = trials.filter(({ seed }) => seed === seeds[0]).flatMap(balancingDetails);
  return [
    `<section id="table-${i + 1}">`,
    setting === '' ? '' : `<h2>${htmlText(setting)}</h2>`,
    `<p class="answer">${htmlText(verdict(summary).join(' '))}</p>`,
    quiet([...rows, ...rowsSentences(summary)].join(' ')),
    htmlTable(resultTable(summary, warnings)),
    warnings.lines.length === 0 ? '' : `<div class="warnings">${warnings.lines.map(warning).join('')}</div>`,
    notes(footnotes(summary)),
    comparison ? `<h3>Minus ${htmlText(baseline)}</h3>${htmlTable(comparison)}` : '',
    ...pictures.differences.map(figure),
    differences ? details('All differences', plainTable(differences)) : '',
    unseen(summary),
    sensitivity(summary, pictures),
    gallery('Learning curves', pictures.curves),
    gallery('Cost and quality', pictures.costs),
    pictures.fusion.length === 0 ? '' : `<h3>Fusion weights, seed ${seeds[0]}</h3>${quiet(WEIGHTS)}`,
    ...pictures.fusion.map(({ model, levels }) =>
      details(
        model,
        `<div class="row">${levels.map(({ svg }) => `<figure class="wide">${svg}</figure>`).join('')}</div>`,
        true,
      ),
    ),
    balancing.length === 0 ? '' : `<h3>Balancing, seed ${seeds[0]}</h3>${quiet(BALANCING)}${balancing.join('\n')}`,
    `<h3>How it was measured</h3>${list(measurement(summary, trials))}`,
    '</section>',
  ].join('\n');
}

/** The gains in all settings, then for each setting its verdict and a link to its section. */
function overview(summaries: readonly Summary[]): string {
  const part = overviewOf(summaries);
  if (!part) return '';
  const verdicts = summaries.map(
    (summary, i) =>
      `<li><a href="#table-${i + 1}">${htmlText(summary.setting)}</a>: ${htmlText(verdict(summary).join(' '))}</li>`,
  );
  const answer = `<p class="answer">${htmlText(part.sentences.join(' '))}</p>`;
  return `${answer}${htmlTable(part.table)}${notes(part.notes)}<ul>${verdicts.join('')}</ul>`;
}

function unseen(summary: Summary): string {
  const part = unseenSection(summary);
  if (!part) return '';
  const differences = part.differences ? `${quiet(`Minus ${summary.baseline}`)}${htmlTable(part.differences)}` : '';
  return `<h3>${htmlText(part.title)}</h3>${htmlTable(part.results)}${differences}${notes(part.notes)}`;
}

function sensitivity(summary: Summary, pictures: TablePictures): string {
  const part = sensitivitySection(summary);
  if (!part) return '';
  const figures = pictures.sensitivity.map(figure).join('');
  return `<h3>${htmlText(part.title)}</h3>${plainTable(part)}${notes(part.notes)}${figures}`;
}

function balancingDetails(trial: TrialResult): string[] {
  const table = balancingTable(trial);
  return table ? [details(trial.model, plainTable(table))] : [];
}

const quiet = (text: string): string => `<p class="quiet">${htmlText(text)}</p>`;

const notes = (lines: readonly string[]): string =>
  `<div class="quiet notes">${lines.map((line) => `<p>${htmlText(line)}</p>`).join('')}</div>`;

const figure = ({ svg, caption }: DrawnPicture): string =>
  `<figure><div class="wide">${svg}</div><figcaption>${htmlText(caption)}.</figcaption></figure>`;

/** Pictures under a title, or nothing. */
const gallery = (title: string, pictures: readonly DrawnPicture[]): string =>
  pictures.length === 0 ? '' : `<h3>${title}</h3>${pictures.map(figure).join('')}`;

const details = (title: string, content: string, open = false): string =>
  `<details${open ? ' open' : ''}><summary>${htmlText(title)}</summary>${content}</details>`;

const list = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${htmlText(item).replace(/`([^`]+)`/g, '<code>$1</code>')}</li>`).join('')}</ul>`;

/** A line of warnings, its mark in the color of the table's marks. */
const warning = (line: string): string =>
  `<p>${htmlText(line).replace(/^\[\d+\]/, (mark) => `<span class="mark">${mark}</span>`)}</p>`;

const WEIGHTS =
  'Rows are lanes, columns the experts (unit.index) that they take from. ' +
  'Color is the size of the weight within a panel; red is below 0.';

const STYLE = `${colorRules(':root')}
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
figure svg{display:block;max-width:100%;height:auto}
details{margin:.5rem 0}summary{cursor:pointer;font-weight:600}
code{font-size:12px;overflow-wrap:anywhere}`;
