export type { ExpertLevel, GatedLevel } from './levels.ts';
export { singleTask, type SingleTaskConfig } from './single-task.ts';
export { sharedBottom, type SharedBottomConfig } from './shared-bottom.ts';
export { crossStitch, type CrossStitchConfig } from './cross-stitch.ts';
export { mmoe, type MmoeConfig, type MmoeLevel } from './mmoe.ts';
export { cgc, ple, type PleConfig, type PleLevel } from './ple.ts';
export { logisticRegression, noFusion } from './logistic-regression.ts';
