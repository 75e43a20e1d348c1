export type * from './row-math.ts';
export { doubleMath, type Doubles } from './double-math.ts';
export { lossJets, type Jets } from './jet-math.ts';
export * from './row-losses.ts';
