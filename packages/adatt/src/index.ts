export { adatt, adattSp, type AdaTTConfig, type AdaTTLevel } from './adatt.ts';
