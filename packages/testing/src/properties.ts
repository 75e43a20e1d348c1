import { createSpec } from '@polytask/components';
import { expectAgreement } from './cases/agreement.ts';
import { check, expectRefused } from './cases/case.ts';
import { GRADIENT_PROPERTIES, PARAMETER_PROPERTIES } from './checks/parameters.ts';
import { LOSS_PROPERTIES } from './checks/losses.ts';
import { MODEL_PROPERTIES } from './checks/models.ts';
import { TASK_PROPERTIES } from './checks/tasks.ts';
import { TRAINING_PROPERTIES } from './checks/trainings.ts';
import { needing, type Properties } from './subject.ts';
import { newProcess } from './way/new-process.ts';
import { wholeWay } from './way/whole-way.ts';

/** What every component promises, of whatever kind, if it has what the promise needs. */
export const PROPERTIES: readonly Properties[] = [
  needing(['numbers'], {
    'its spec is plain JSON and says all': check(async (subject) => {
      const { spec } = subject;
      createSpec(spec.kind, spec.name, spec.config as object); // throws when the configuration isn't plain JSON
      const copy = JSON.parse(JSON.stringify(spec)) as typeof spec;
      const [seen, wanted] = [await subject.numbers(copy), await subject.numbers(spec)];
      expectAgreement(seen, wanted, 0, "the same numbers from the spec's JSON");
    }, 'Put all that the component needs into its configuration.'),
    // a misspelled option would train something else
    'an option that it does not have is an error': check(async ({ spec: { kind, name, config } }) => {
      await expectRefused('an option that it does not have', () =>
        createSpec(kind, name, { ...(config as object), 'no such option': 1 }),
      );
    }, 'Describe the options in `options`, and let the definition read them.'),
  }),
  needing(['rows'], {
    'rows count by their weights, in any order': check(({ rows }) => {
      const { weights, found, within: [order, repeated] = [0, 0] } = rows;
      const all = Array.from(weights, (_, row) => row);
      const weightsOf = (rows: readonly number[]) => rows.map((row) => weights[row]!);
      const turned = [...all].reverse();
      const twice = all.flatMap((row) => Array.from({ length: weights[row]! }, () => row));
      const ones = twice.map(() => 1);
      const once = found(all, weightsOf(all));
      expectAgreement(found(turned, weightsOf(turned)), once, order, 'the same of rows in another order');
      expectAgreement(found(twice, ones), once, repeated, 'the same of rows repeated as often as their weights say');
    }, 'Add up over the rows, each times its weight, and keep nothing of their order.'),
  }),
  PARAMETER_PROPERTIES,
  GRADIENT_PROPERTIES,
  ...MODEL_PROPERTIES,
  ...TRAINING_PROPERTIES,
  LOSS_PROPERTIES,
  ...TASK_PROPERTIES,
  needing(['way'], {
    // also ONNX and HTTP, with the modules of a deployment
    'predictions stay the same: CSV, fit, save, load': check(
      ({ way, deployment }) => wholeWay(way(), deployment),
      'Keep in the model, its schema and its configuration all that predictions depend on.',
    ),
  }),
  needing(['way', 'modules', 'compiled'], {
    'a new process trains and predicts the same': check(
      ({ way, modules }) => newProcess(way(), modules),
      'Keep nothing in variables of the module: the next process that loads the model has other values there.',
    ),
  }),
];
