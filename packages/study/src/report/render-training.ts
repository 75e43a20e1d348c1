import { calibrationPlot } from '../pictures/calibration-plot.ts';
import { tablePictures } from '../pictures/pictures.ts';
import { constantNotes, ROW_INTERVALS } from './footnotes.ts';
import { htmlTable, plainTable } from './html-table.ts';
import { htmlText } from './safe-text.ts';
import { answer, fusionFigures, gallery, htmlPage, list, notes, quiet, warningLines } from './html-page.ts';
import { markWarnings } from './marked-warnings.ts';
import { measurement } from './report-parts.ts';
import { resultTable } from './result-table.ts';
import { rowsSentences } from './row-counts.ts';
import {
  searchSentences,
  searchTable,
  sharingTable,
  trainingAnswer,
  type TrainingReport,
  trainingSummary,
} from './training-report.ts';

/**
 * Renders the report of a trained model as one HTML file without external resources, in light and dark colors: its scores, calibration,
 * learning curves and fusion weights. After a search it also says whether sharing helped, and what was tried.
 */
export function renderTraining(report: TrainingReport): string {
  const { name, tasks, trials, calibration, search, sharing } = report;
  const summary = trainingSummary(report);
  const [{ model, engine, seed }] = trials;
  const pictures = tablePictures(summary, trials);
  const warnings = markWarnings(summary);
  return htmlPage(`${name}: ${model}`, [
    `<h1>${htmlText(`${name}: ${model}`)}</h1>`,
    answer(trainingAnswer(report)),
    quiet([`Seed ${seed}, on ${engine}.`, ...rowsSentences(summary)].join(' ')),
    htmlTable(resultTable(summary, warnings)),
    warningLines(warnings.lines),
    notes([`${ROW_INTERVALS}.`, ...constantNotes(summary), 'seconds: training and test.']),
    ...(sharing ? ['<h3>Does sharing help?</h3>', plainTable(sharingTable(sharing))] : []),
    ...(search ? ['<h3>The search</h3>', list(searchSentences(search)), plainTable(searchTable(search, summary))] : []),
    gallery('Calibration', calibrationPlot(tasks, calibration)),
    gallery('Learning curves', pictures.curves),
    ...fusionFigures(pictures.fusion, seed),
    '<h3>How it was measured</h3>',
    list(measurement(summary, trials)),
  ]);
}
