import type { RowLoss } from '@polytask/components';
import { poissonDeviance, squaredError } from '@polytask/components/arithmetic';
import { logOfMean, meanLoss, TINY, weightedMean, type Objective } from './objective.ts';

/** Added to a Poisson score before its second derivative is taken: poisson_max_delta_step of LightGBM. */
const POISSON_STEP = 0.7;

/** A loss of one score whose derivatives are written out: deriving its text takes several times as long. */
const single = (loss: RowLoss, parts: Pick<Objective, 'takes' | 'fits' | 'isLog' | 'start' | 'derive'>): Objective => ({
  ...parts,
  width: () => 1,
  loss: (rows, scores) => meanLoss(loss, rows, scores),
});

export const binary = single((z, y, { logLoss }) => logLoss(z, y), {
  takes: '0 or 1',
  fits: (label) => label === 0 || label === 1,
  isLog: true,
  start(rows) {
    const share = Math.min(Math.max(weightedMean(rows), TINY), 1 - TINY);
    return [Math.log(share / (1 - share))];
  },
  derive({ labels, weights }, [scores], [gradients], [hessians]) {
    for (let row = 0; row < labels.length; row++) {
      const probability = 1 / (1 + Math.exp(-scores![row]!));
      const weight = weights ? weights[row]! : 1;
      gradients![row] = weight * (probability - labels[row]!);
      hessians![row] = weight * probability * (1 - probability);
    }
  },
});

/** Derivatives are those of half the squared error. */
export const regression = single(squaredError, {
  takes: 'a number',
  fits: Number.isFinite,
  isLog: false,
  start: (rows) => [weightedMean(rows)],
  derive({ labels, weights }, [scores], [gradients], [hessians]) {
    for (let row = 0; row < labels.length; row++) {
      const weight = weights ? weights[row]! : 1;
      gradients![row] = weight * (scores![row]! - labels[row]!);
      hessians![row] = weight;
    }
  },
});

export const poisson = single(poissonDeviance, {
  takes: 'a number of 0 or more',
  fits: (label) => label >= 0 && label < Infinity,
  isLog: true,
  start: logOfMean,
  derive({ labels, weights }, [scores], [gradients], [hessians]) {
    const slower = Math.exp(POISSON_STEP);
    for (let row = 0; row < labels.length; row++) {
      const mean = Math.exp(scores![row]!);
      const weight = weights ? weights[row]! : 1;
      gradients![row] = weight * (mean - labels[row]!);
      hessians![row] = weight * mean * slower;
    }
  },
});
