import type { Spec } from '../specs/registry.ts';
import * as json from '../storage/json.ts';
import type { Task } from './tasks.ts';

const { byKind, flag, list, number, object, oneOf, optional, text } = json;

const positive = number('a number above 0', (value) => value > 0);
const notNegative = number('a number of 0 or more', (value) => value >= 0);
const share = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);

/** A loss or its name. What trains the model checks it. */
const loss = json.anything as json.JsonReader<string | Spec<'loss'> | undefined>;
const common = {
  from: optional(text),
  weightFrom: optional(text),
  weight: optional(notNegative),
  loss,
};
const label = json.either('a text or a number', text, number());

/** Reads a task from the JSON of a saved model, or of kept predictions. */
export const readTask: json.JsonReader<Task> = byKind({
  binary: object({
    kind: oneOf('binary'),
    ...common,
    positive: optional(json.either('a text, a number, or a list of them', label, list(label))),
    above: optional(number()),
    positiveWeight: optional(notNegative),
    fitted: optional(object({ rate: share })),
  }),
  multiclass: object({
    kind: oneOf('multiclass'),
    ...common,
    classes: optional(list(text)),
    fitted: optional(object({ shares: list(share) })),
  }),
  regression: object({
    kind: oneOf('regression'),
    ...common,
    scale: optional(oneOf('standard', 'none')),
    log: optional(flag),
    fitted: optional(object({ mean: number(), deviation: positive })),
  }),
});
