import { type TablePictures, tablePictures } from '../pictures/pictures.ts';
import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { BALANCING, balancingTable } from './balancing-tables.ts';
import { comparisonTable, differenceTable } from './differences.ts';
import { footnotes } from './footnotes.ts';
import { counted } from './format.ts';
import {
  answer,
  details,
  figure,
  fusionFigures,
  gallery,
  htmlPage,
  list,
  notes,
  quiet,
  view,
  warningLines,
} from './html-page.ts';
import { htmlTable, plainTable } from './html-table.ts';
import { markWarnings } from './marked-warnings.ts';
import { overviewOf } from './overview.ts';
import { caveats, describeFailure, measurement, trialsOf, type ReportInput } from './report-parts.ts';
import { sensitivitySection, unseenSection } from './report-sections.ts';
import { resultTable } from './result-table.ts';
import { rowsSentences } from './row-counts.ts';
import { htmlText } from './safe-text.ts';
import { verdict } from './verdict.ts';
import { viewData } from './view-data.ts';

/**
 * Renders the report as one HTML file without external resources: tables, SVG pictures and interactive views, in light and dark colors.
 * The views are those of the playground. Without scripts, the tables and pictures stay.
 *
 * @example await writeFile('report.html', renderHtml({ summaries, trials }));
 */
export function renderHtml({ summaries, trials, failures = [] }: ReportInput): string {
  const title = summaries[0]?.suite ?? 'No results';
  const sections = summaries.map((summary, i) => section(summary, trialsOf(summary, trials), i));
  const contents =
    summaries.length > 1 && !overviewOf(summaries)
      ? `<nav>${summaries.map(({ setting }, i) => `<a href="#table-${i + 1}">${htmlText(setting)}</a>`).join(' ')}</nav>`
      : '';
  const body = [
    `<h1>${htmlText(title)}</h1>`,
    overview(summaries),
    contents,
    ...sections,
    failures.length === 0 ? '' : `<h2>Trials that failed</h2>${list(failures.map(describeFailure))}`,
    `<h2>What it cannot say</h2>`,
    list(caveats(summaries)),
    `<p>${PLAYGROUND}</p>`,
  ];
  const tables = summaries.map((summary) => viewData(summary, trialsOf(summary, trials)));
  return htmlPage(`${title}: Polytask bench`, body, tables);
}

const PLAYGROUND =
  '<a href="https://polytask.github.io/polytask/playground/index.html">Open the playground</a> and drop ' +
  '<code>results.jsonl</code> on the page: it shows these results, and compares further models. Nothing leaves your browser.';

function section(summary: Summary, trials: ReportInput['trials'], i: number): string {
  const pictures = tablePictures(summary, trials);
  const { setting, models, seeds, engine, baseline } = summary;
  const warnings = markWarnings(summary);
  const comparison = comparisonTable(summary);
  const differences = differenceTable(summary);
  const rows = [`${counted(models.length, 'model')}, ${counted(seeds.length, 'seed')}, on ${engine}.`];
  const balancing = trials.filter(({ seed }) => seed === seeds[0]).flatMap(balancingDetails);
  return [
    `<section id="table-${i + 1}">`,
    setting === '' ? '' : `<h2>${htmlText(setting)}</h2>`,
    answer(verdict(summary)),
    quiet([...rows, ...rowsSentences(summary)].join(' ')),
    htmlTable(resultTable(summary, warnings)),
    warningLines(warnings.lines),
    notes(footnotes(summary)),
    comparison ? `<h3>Minus ${htmlText(baseline)}</h3>${htmlTable(comparison)}` : '',
    ...pictures.differences.map(figure),
    differences ? details('All differences', view('differences', i, plainTable(differences))) : '',
    models.length > 1 ? view('seeds', i) : '',
    unseen(summary),
    sensitivity(summary, pictures),
    gallery('Learning curves', pictures.curves),
    view('training', i),
    gallery('Cost and quality', pictures.costs),
    ...fusionFigures(pictures.fusion, seeds[0]!),
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
  return `${answer(part.sentences)}${htmlTable(part.table)}${notes(part.notes)}<ul>${verdicts.join('')}</ul>`;
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
