export * from '@polytask/adatt';
export * from '@polytask/balancing';
export * from '@polytask/baselines';
export * from '@polytask/compile';
export * from '@polytask/core';
export * from '@polytask/data';
export * from '@polytask/experts';
export * from '@polytask/gating';
export * from '@polytask/metrics';
export * from '@polytask/serving';
export * from '@polytask/study';
export * from '@polytask/training';

// Types of one name in two packages: the lower package's is exported here, the other one by its own package.
export type { FusionLevel, Losses } from '@polytask/core';
export type { Rows, Verdict } from '@polytask/metrics';
