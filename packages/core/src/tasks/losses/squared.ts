import { defineLoss } from './loss.ts';

/**
 * The squared error, in squared standard deviations of the label.
 *
 * @example regression({ loss: squared() }) // the default
 */
export const squared = /* @__PURE__ */ defineLoss(
  'squared',
  () =>
    (z, y, { square, sub }) =>
      square(sub(z, y)),
  { tasks: ['regression'], options: {}, description: 'squared error', package: '@polytask/core' },
);

/**
 * The absolute error, in standard deviations of the label. Its best constant is the median.
 *
 * @example regression({ loss: absolute() })
 */
export const absolute = /* @__PURE__ */ defineLoss(
  'absolute',
  () =>
    (z, y, { abs, sub }) =>
      abs(sub(z, y)),
  { tasks: ['regression'], options: {}, description: 'absolute error', package: '@polytask/core' },
);
