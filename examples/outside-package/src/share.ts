import { binaryCrossEntropy, defineTask } from '@polytask/core';

/**
 * Declares a task that predicts a share, such as how much of a video was watched: one logit. The prediction is a number between 0 and 1,
 * [rows]. It is the fractional logit: the log loss of a label between 0 and 1, whose best constant is the
 * mean (Papke and Wooldridge, Journal of Applied Econometrics 1996).
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit
 * @example share({ from: 'watched_share' })
 */
export const share = defineTask(
  'outside-package/share',
  () => ({
    label: { type: 'number', scale: 'none', minimum: 0, maximum: 1 },
    prediction: { type: 'number' },
    loss: () => binaryCrossEntropy(),
    predict: (z, { sigmoid }) => sigmoid(z),
    start: ({ mean }) => [Math.log(mean / (1 - mean))],
    metrics: ['mae', 'rmse'],
  }),
  {
    losses: ['binary-cross-entropy'],
    description: 'a share, between 0 and 1',
    paper: 'Papke and Wooldridge 1996',
    package: 'outside-package',
  },
);
