import { fail, type Examples } from '@polytask/core';
import type { TrialData } from '../suites/suite-row.ts';

/** All that training, picking an epoch, and choosing a configuration may see. */
export interface VisibleRows {
  readonly train: Examples;
  readonly validation: Examples;
}

/** The test rows of one trial. */
export interface TestRows {
  readonly rows: Examples;
  /** The group of each row. */
  readonly groups: ArrayLike<number> | undefined;
}

/** Test rows that are given out once. */
export class SealedTest {
  #take: (() => TestRows) | undefined;

  constructor(take: () => TestRows) {
    this.#take = take;
  }

  /** @throws PolytaskError the second time: a number that is looked at twice has been chosen */
  open(): TestRows {
    const take = this.#take;
    this.#take = undefined;
    if (take) return take();
    return fail({
      expected: 'the test rows of a trial to be opened once',
      received: 'a second time',
      mend: 'Choose on the validation rows, and measure after that.',
    });
  }
}

/** The rows that are there for all to see. A search gets these: the test rows can't be reached from them. */
export const visibleRows = ({ train, validation }: TrialData): VisibleRows => ({ train, validation });

/** The same with the test rows under a seal, for the one trial that a configuration is measured by. */
export const sealedRows = (data: TrialData): VisibleRows & { readonly test: SealedTest } => ({
  ...visibleRows(data),
  test: new SealedTest(() => ({ rows: data.test(), groups: data.testGroups })),
});
