export { adatt, adattSp, type AdaTTOptions, type AdaTTLevel, type AdaTTSpOptions, type AdaTTSpLevel } from './adatt.ts';
