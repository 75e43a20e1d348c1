import { checkOptions, fail } from '@polytask/core';
import { runOptions } from './checks.ts';
import type { BalancerRow } from './balancers/balancer-row.ts';
import { balancers, CONTROL } from './balancers/balancers.ts';
import { findRow } from './find-row.ts';
import type { ModelRow, ModelSize } from './models/model-row.ts';
import { models as modelTable } from './models/models.ts';
import type { RunOptions } from './run-options.ts';
import type { SuiteRow } from './suites/suite.ts';
import { suites } from './suites/suites.ts';
import type { TrialConfig } from './trials/trial.ts';

/** The options of a run with the suite's defaults in their places, all of them checked. */
export interface SuitePlan {
  readonly suite: SuiteRow;
  readonly models: readonly ModelRow[];
  /** The plain sum first. */
  readonly balancers: readonly BalancerRow[];
  readonly seeds: readonly number[];
  readonly size: ModelSize;
  readonly training: Omit<TrialConfig['training'], 'selection'>;
}

/** @throws PolytaskError on an unknown option or name, a number out of range, or a directory too many or too few */
export function planSuite(options: RunOptions): SuitePlan {
  checkOptions(options, runOptions, 'runSuite');
  const suite = rowOf(suites, options.suite ?? suites[0]!, 'suite');
  const { defaults } = suite;
  const models = (options.models ?? modelTable.filter(({ onlyNamed }) => !onlyNamed)).map((model) => rowOf(modelTable, model, 'model'));
  if (options.directory !== undefined && !suite.needsDirectory) {
    fail({ expected: `no data directory for ${suite.name}`, received: options.directory, mend: 'The suite makes its own data: leave it out.' });
  }
  if (options.directory === undefined && suite.needsDirectory) {
    fail({ expected: `the directory of the data of ${suite.name}`, received: 'none', mend: 'Pass --data DIR; in a program, directory.' });
  }
  return {
    suite,
    models: [...new Set(models)],
    balancers: [...new Set([CONTROL, ...(options.balancers ?? []).map((balancer) => rowOf(balancers, balancer, 'balancer'))])],
    seeds: options.seeds ?? defaults.seeds,
    size: { ...defaults.size, ...options.size },
    training: {
      epochs: options.epochs ?? defaults.epochs,
      batchSize: options.batchSize ?? defaults.batchSize,
      learningRate: options.learningRate ?? defaults.learningRate,
      optimizer: 'adam',
      patience: defaults.patience,
    },
  };
}

const rowOf = <R extends { name: string; description: string }>(table: readonly R[], row: string | R, noun: string): R =>
  typeof row === 'string' ? findRow(table, row, noun) : row;
