/** Calibrations of probabilities. Importing this entry point defines them, so that a calibrated model can be loaded. */
export { calibrationsFor, defineCalibration, fitCalibration } from './define-calibration.ts';
export type { CalibrationMath, CalibrationRows, CalibrationSpec } from './define-calibration.ts';
export type { DefineCalibrationOptions, Knots } from './define-calibration.ts';
export { temperature } from './temperature.ts';
export { platt } from './platt.ts';
export { isotonic } from './isotonic.ts';
