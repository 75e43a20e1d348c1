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
export { temperature, type TemperatureOptions } from './temperature.ts';
export { platt, type PlattOptions } from './platt.ts';
export { isotonic } from './isotonic.ts';
