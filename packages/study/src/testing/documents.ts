import { comparisonDocument } from '../report/comparison-document.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderText, type TextOptions } from '../report/terminal.ts';
import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../results/trial-result.ts';

export const textOf = (summary: Summary, options: TextOptions = {}, trials: readonly TrialResult[] = []): string =>
  renderText(comparisonDocument({ summaries: [summary], trials }), options);

export const markdownOf = (summary: Summary, trials: readonly TrialResult[]): string =>
  renderMarkdown(comparisonDocument({ summaries: [summary], trials }));
