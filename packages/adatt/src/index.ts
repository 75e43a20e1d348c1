export { adatt, adattSp, type AdaTTOptions, type AdaTTSpOptions } from './adatt.ts';
