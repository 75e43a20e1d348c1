import { comparisonDocument } from '../report/comparison-document.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderText, type TextOptions } from '../report/terminal.ts';
import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../results/trial-result.ts';

/** The report of one setting as text for a terminal. Without trials no model ranks first. */
export const textOf = (summary: Summary, options: TextOptions = {}, trials: readonly TrialResult[] = []): string =>
  renderText(comparisonDocument({ summaries: [summary], trials }), options);

/** The report of one setting in Markdown. */
export const markdownOf = (summary: Summary, trials: readonly TrialResult[]): string =>
  renderMarkdown(comparisonDocument({ summaries: [summary], trials }));
