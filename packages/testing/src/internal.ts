// For Polytask's own packages. Any release may change or remove these exports.
export { tinyExpert, tinyGate } from './tiny/parts.ts';
export { predictionsOfOnnx, predictionsOverHttp } from './way/whole-way.ts';
export { tinyCall, TINY_SEES, TINY_UNITS } from './tiny/tiny-level.ts';
