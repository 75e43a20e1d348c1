// For Polytask's own packages. Any release may change or remove these exports.
export { judgeTask, meanDifference, type MeanDifference } from './diagnosis/judge.ts';
export { undefinedScore } from './evaluation/bad-scores.ts';
export { measuredAs } from './evaluation/metric-table.ts';
export { foldOfRows } from './evaluation/soft-labels.ts';
