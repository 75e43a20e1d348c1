/** Calibrations of probabilities. Importing this entry point defines them, so that a calibrated model can be loaded. */
export {
  calibrationsFor,
  defineCalibration,
  fitCalibration,
  type CalibrationMath,
  type CalibrationRows,
  type CalibrationSpec,
  type DefineCalibrationOptions,
  type Knots,
} from './define-calibration.ts';
export { temperature } from './temperature.ts';
export { platt } from './platt.ts';
export { isotonic } from './isotonic.ts';
