export { adatt, adattSp, type AdaTTConfig, type AdaTTLevel, type AdaTTSpConfig, type AdaTTSpLevel } from './adatt.ts';
