// For Polytask's own packages. Any release may change or remove these exports.
export { carriedGroups, takesSoftLabels } from './evaluation/soft-labels.ts';
export { normalizedMetric } from './evaluation/normalized-loss.ts';
export { scorePredictions } from './evaluation/score-predictions.ts';
export { calibratedPredictions, fitCalibrated } from './calibration/calibrate.ts';
export { planCalibration } from './calibration/plan-calibration.ts';
export { readColumn, scoresBy } from './evaluation/evaluate-by.ts';
export { openTracker } from './tracking/tracker.ts';
export { slotName } from './optimizers/optimizer.ts';
