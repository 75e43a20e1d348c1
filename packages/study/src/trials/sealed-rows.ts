import { fail, type Examples, type MultiTaskModel } from '@polytask/core';
import { carriedGroups } from '@polytask/training/internal';
import type { TrialData } from '../suites/suite-entry.ts';

/** The rows for training, and for the choice of epochs and configurations. */
export interface VisibleRows extends Pick<TrialData, 'trainUnits'> {
  readonly train: Examples;
  readonly validation: Examples;
  /** Opens the trained model that teaches, with the training rows as it encodes them. The caller disposes of it. Default: none. */
  readonly teacher?: (() => Promise<Teacher>) | undefined;
}

/** A trained model that teaches. */
export interface Teacher {
  readonly model: MultiTaskModel;
  readonly rows: Examples;
}

/** The rows of a trial with its teacher. */
export type TaughtData = TrialData & Pick<VisibleRows, 'teacher'>;

/** The test rows of one trial. */
export interface TestRows {
  readonly rows: Examples;
  /** The group of each row, such as its user. Undefined without groups. */
  readonly groups: ArrayLike<number> | undefined;
  readonly derive?: TrialData['derive'];
}

/** Test rows that can be opened once. */
export class SealedTest {
  #take: (() => TestRows) | undefined;

  constructor(take: () => TestRows) {
    this.#take = take;
  }

  /** The test rows. @throws PolytaskError at the second call, so that no choice can depend on the test rows */
  open(): TestRows {
    const take = this.#take;
    this.#take = undefined;
    if (take) return take();
    return fail({
      expected: 'the test rows of a trial to be opened once',
      received: 'a second time',
      fix: 'Choose on the validation rows, and measure after that.',
    });
  }
}

/**
 * The training and validation rows, without the test rows. A search gets these.
 *
 * @example const { train, validation } = visibleRows(await data.rows(request, 1));
 */
export const visibleRows = ({ train, validation, trainUnits, teacher }: TaughtData): VisibleRows => ({
  ...{ train, validation },
  ...(trainUnits && { trainUnits }),
  ...(teacher && { teacher }),
});

/**
 * The rows of a trial, with test rows that can be opened once.
 *
 * @example const { train, test } = sealedRows(await data.rows(request, 1));
 */
export const sealedRows = (data: TaughtData): VisibleRows & { readonly test: SealedTest } => ({
  ...visibleRows(data),
  test: new SealedTest(() => testRowsOf(data)),
});

/**
 * The test rows of a trial, with the groups that the trial names, or else those that the rows carry.
 *
 * @example const { rows, groups } = testRowsOf(await data.rows(request, 1));
 */
export function testRowsOf({ test, testGroups, derive }: TrialData): TestRows {
  const rows = test();
  return { rows, groups: testGroups ?? carriedGroups(rows), derive };
}
