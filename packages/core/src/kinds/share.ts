import { defineTask } from './define.ts';

/**
 * Declares a task that predicts a share, such as how much of a video was watched, or the probability that another model gives (distillation:
 * Hinton et al. 2015): one logit. The prediction is a number between 0 and 1, [rows]. The loss is the log loss of a label between 0 and 1 (the
 * fractional logit: Papke and Wooldridge, Journal of Applied Econometrics 1996).
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example share({ from: 'watched_share' })
 */
export const share = defineTask(
  'share',
  () => ({
    label: { type: 'number', scale: 'none', minimum: 0, maximum: 1 },
    prediction: { type: 'number' },
    loss: () => ({ kind: 'loss', name: 'binary-cross-entropy', config: {} }),
    predict: (z, { sigmoid }) => sigmoid(z),
    link: 'logit',
    start: ({ mean }) => [Math.log(mean / (1 - mean))],
    metrics: ['rmse', 'mae'],
  }),
  {
    losses: ['binary-cross-entropy'],
    description: 'a share between 0 and 1, or the probability of another model',
    paper: 'Papke and Wooldridge, Journal of Applied Econometrics 1996',
  },
);
