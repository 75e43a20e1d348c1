import { fail } from '@polytask/core';
import { findRow, allSuites, type OpenedData, type SuiteLoader, type SuiteRow } from '@polytask/study';
import { documentName } from '../setup/suite-of-setup.ts';
import type { SuiteFacts } from '../training/trial-worker.ts';
import type { WorkerPool } from '../training/worker-pool.ts';

/** Finds study's suites, and the suite of a table that the workers opened. */
export const suiteLoader =
  (facts: SuiteFacts | undefined): SuiteLoader =>
  (name) =>
    Promise.resolve({
      suite: facts && name === documentName(facts.name) ? rowInWorkers(facts) : findRow(allSuites(), name, 'suite'),
    });

const rowInWorkers = (facts: SuiteFacts): SuiteRow => ({
  ...facts,
  open: () => rowsStayThere(),
});

/** The data as the workers have it: what plans need. The rows stay in the workers, so that the page doesn't stop for them. */
export const dataInWorkers = (pool: WorkerPool): OpenedData => ({
  async data(request) {
    const { notes, ...facts } = await pool.ask((worker) => worker.data(request));
    return { ...facts, notes: () => notes, trial: () => rowsStayThere() };
  },
  rows: () => Promise.resolve(rowsStayThere()),
});

const rowsStayThere = (): never =>
  fail({
    expected: 'a plan without rows on the page',
    received: 'a plan that reads rows',
    mend: 'Plan it in a worker: budgets that match widths read rows.',
  });
