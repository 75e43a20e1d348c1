/**
 * Something that is wrong with a trained model: `message` is what was seen, and the remedy. The other properties are for programs.
 */
export type Finding = { readonly message: string } &
  /** The predictions of a task hardly differ from row to row. */
  (
    | {
        readonly kind: 'constant-output';
        readonly task: string;
        /** The standard deviation of the predictions over that of the labels: the largest of the task's outputs. */
        readonly deviation: number;
      }
    /** The AUC of a yes/no task is not above ½ by more than chance gives. */
    | {
        readonly kind: 'auc-at-half';
        readonly task: string;
        readonly auc: number;
        /** The standard error of the AUC of a model that guesses, on as many rows of both classes. */
        readonly standardError: number;
        /** The AUC on the training rows; NaN without them. */
        readonly trainAuc: number;
      }
    /** The best constant predicts a task as well. */
    | {
        readonly kind: 'worse-than-constant';
        readonly task: string;
        readonly normalizedLoss: number;
        /** The normalized loss on the training rows; NaN without them. */
        readonly trainError: number;
      }
    /** An expert gives the same output for all rows, or no gate uses it. */
    | {
        readonly kind: 'dead-expert';
        /** The index of the level, from 0. */
        readonly level: number;
        /** `unit.index` */
        readonly expert: string;
        /** The largest mean share of the weights that an output of the level gives to it. */
        readonly share: number;
        /** The standard deviation of its output over the rows, over the size of its output. 0: it is constant. */
        readonly deviation: number;
      }
    /** The gate of an output may choose between experts, and gives one of them the weight in all rows. */
    | {
        readonly kind: 'one-expert';
        readonly level: number;
        readonly output: string;
        readonly expert: string;
        /** The mean share of the gate's weights. */
        readonly share: number;
      }
    /** The shared parameters follow the gradient of another task, which is many times longer. */
    | {
        readonly kind: 'drowned-task';
        readonly task: string;
        /** The task with the longest gradient. */
        readonly by: string;
        /** The length of that gradient over the length of the task's gradient. */
        readonly ratio: number;
        /** The cosine of both gradients. */
        readonly cosine: number;
      }
  );
