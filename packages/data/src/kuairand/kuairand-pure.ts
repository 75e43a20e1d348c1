import { checkOptions } from '@polytask/core';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import type { Split } from '../examples/split.ts';
import { groupsOf } from '../table/groups-of.ts';
import type { KuairandTasks } from './kuairand-declaration.ts';
import { KUAIRAND_OPTIONS, readKuairandPure, type KuairandOptions } from './read-kuairand-pure.ts';

/** The parts, and the user of each of their rows. */
export interface KuairandSplit extends Split<KuairandTasks> {
  readonly users: { readonly [P in keyof Split<KuairandTasks>]: ArrayLike<number> };
}

/**
 * KuaiRand-Pure, encoded: 38 features, five tasks, split by time. The schema is fitted on the training rows.
 *
 * @param directory with the two logs and the two tables of features, each plain, .gz or .br
 * @throws PolytaskError where a file is not there, is not the known one, or can't be read
 * @example
 * const { train, validation, test, users } = await kuairandPure('data/kuairand');
 * const scores = await evaluate(model, test, { groups: users.test }); // scores.click.gauc
 */
export async function kuairandPure(directory: string, options: KuairandOptions = {}): Promise<KuairandSplit> {
  checkOptions(options, KUAIRAND_OPTIONS, 'kuairandPure');
  const { train, validation, test } = await readKuairandPure(directory, options);
  const schema = fitSchema(train);
  return {
    train: encode(train, schema),
    validation: encode(validation, schema),
    test: encode(test, schema),
    users: {
      train: groupsOf(train, 'user_id'),
      validation: groupsOf(validation, 'user_id'),
      test: groupsOf(test, 'user_id'),
    },
  };
}
