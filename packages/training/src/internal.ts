// For Polytask's own packages. Any release may change or remove these exports.
export { judgeTask, meanDifference, type MeanDifference } from './diagnosis/judge.ts';
export { type JudgedModel, type ModelRows, undefinedScore } from './evaluation/bad-scores.ts';
export { familyOf } from './diagnosis/diagnose.ts';
export { measuredAs } from './evaluation/metric-table.ts';
export { foldOfRows } from './evaluation/soft-labels.ts';
