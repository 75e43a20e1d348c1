import { fail, listOf, notNegative, number, optional, shown } from '@polytask/components';
import type { MulticlassTask } from '../multiclass.ts';
import { classBalanced, requireWeights, withWeights } from './class-balance.ts';
import { defineLoss } from './define.ts';

/**
 * The cross-entropy of classes, with logits z: −log softmax(z)_y.
 *
 * With `smoothing` ε it is (1 − ε) times that, plus ε times its mean over all classes (Szegedy et al., CVPR 2016, section 7).
 *
 * @throws PolytaskError when an option is unknown, or out of range
 * @example multiclass({ classes: ['low', 'middle', 'high'], loss: crossEntropy({ classWeights: [1, 1, 5] }) })
 */
export const crossEntropy = /* @__PURE__ */ defineLoss(
  'cross-entropy',
  (config, outputs) => {
    const { classWeights, smoothing } = config;
    requireWeights(config);
    if (classWeights && classWeights.length !== outputs) {
      fail({
        expected: `a weight for each of the ${outputs} classes for cross-entropy.classWeights`,
        received: `${classWeights.length} weights`,
        fix: 'List them in the order of the classes.',
      });
    }
    return (z, y, math) => {
      const { add, mul, neg } = math;
      const logs = math.logSoftmax(z);
      const plain = neg(math.chosen(logs, y));
      const loss = smoothing === 0 ? plain : add(mul(plain, 1 - smoothing), mul(neg(math.mean(logs)), smoothing));
      return classWeights ? mul(math.pick(classWeights, y), loss) : loss;
    };
  },
  {
    tasks: ['multiclass'],
    options: () => ({
      /** A weight for each class, in the order of the task's `classes`: declare these, too. Without them, all classes have weight 1. */
      classWeights: optional(listOf(notNegative, 2)),
      /** The share of a label that is spread over all classes, in [0, 1). */
      smoothing: optional(number({ from: 0, below: 1 }), 0),
      ...classBalanced(),
    }),
    fit: (config, counts) => withWeights(config, counts, (classWeights) => ({ classWeights })),
    fits({ classWeights }, task, where) {
      const { classes } = task as MulticlassTask;
      if (!classWeights || classWeights.length === classes?.length) return;
      fail({
        expected: `the ${classWeights.length} classes of the task, in the order of ${where}.classWeights`,
        received: shown(classes),
        fix: "Declare them: classes: ['a', 'b', …].",
      });
    },
    also: ['ce'],
    description: 'cross-entropy of classes; smoothed labels, class weights',
  },
);
