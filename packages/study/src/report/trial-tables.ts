import type { FusionLevelWeights, TrialResult } from '../results/trial-result.ts';
import { formatNumber, formatShare } from '../format.ts';
import { type Table, textTable } from './blocks.ts';

/**
 * The fusion weights of a trial, a table for each level: rows are lanes, columns the experts. `0.21 ±0.05` is a gate's mean and deviation over
 * the test rows, `+ 0.40` the constant part.
 */
export const fusionTables = ({ fusion }: Pick<TrialResult, 'fusion'>): Table[] =>
  fusion.map((level) => {
    const shares = laneShares(level);
    const rows = level.outputs.map((output, u) => [
      output,
      ...level.experts.map((_, e) => cell(level, u, e)),
      ...shares.slice(u, u + 1).flatMap((lane) => [formatShares(lane), formatNumber(lane.entropy, 2)]),
    ]);
    return textTable(['task', ...level.experts, ...(shares.length > 0 ? ['effective experts', 'entropy'] : [])], rows);
  });

/** `level 2` and so on, or `member 0 (adatt), level 2`: names in the levels of an ensemble begin with the number of the member. */
export const levelNames = (levels: readonly FusionLevelWeights[], members?: readonly string[]): string[] =>
  levels.map((level, l) => {
    if (!members) return `level ${l + 1}`;
    const memberOf = ({ outputs: [lane] }: FusionLevelWeights) => parseInt(lane!);
    const member = memberOf(level);
    const own = levels.slice(0, l + 1).filter((each) => memberOf(each) === member);
    return `member ${member} (${members[member]}), level ${own.length}`;
  });

function cell({ gated, gatedDeviation, constant }: FusionLevelWeights, unit: number, expert: number): string {
  const at = (table: readonly (readonly number[])[]) => table[unit]![expert]!;
  const [mean, deviation, fixed] = [at(gated), at(gatedDeviation), at(constant)] as const;
  const isGated = mean !== 0 || deviation !== 0;
  if (!isGated) return fixed === 0 ? '' : fixed.toFixed(2);
  const gate = `${mean.toFixed(2)} ±${deviation.toFixed(2)}`;
  return fixed === 0 ? gate : `${gate} ${fixed < 0 ? '−' : '+'} ${Math.abs(fixed).toFixed(2)}`;
}

type LaneShares = ReturnType<typeof laneShares>[number];

/** The shares of each lane, and how many experts have a weight other than 0. Empty for a level with fixed choices. */
export function laneShares({ entropy, effectiveExperts, ...level }: FusionLevelWeights) {
  if (entropy === undefined || effectiveExperts === undefined) return [];
  const tables = [level.gated, level.gatedDeviation, level.constant];
  return level.outputs.map((lane, u) => ({
    ...{ lane, effectiveExperts: effectiveExperts[u]!, entropy: entropy[u]! },
    experts: level.experts.filter((_, e) => tables.some((table) => table[u]![e] !== 0)).length,
  }));
}

/** `2.7 of 6` */
export const formatShares = ({ effectiveExperts, experts }: LaneShares): string =>
  Number.isNaN(effectiveExperts) ? '–' : `${effectiveExperts.toFixed(1)} of ${experts}`;

export const WEIGHTS =
  'Rows are tasks (and shared representations), columns the experts (unit.index) that they use. ' +
  '0.21 ±0.05 is the mean of a gate over the test rows and its standard deviation; ' +
  '+ 0.40, or a number without ±, is a weight that does not depend on the row. ' +
  '2.7 of 6 is the effective number of experts among the visible ones: exp of the entropy of the mean shares of |W|; ' +
  "the entropy is that of a row's shares, in nats, as the mean over rows. Color is the size of a weight within its panel; red is below 0.";

export const BALANCING =
  'Means over the steps of an epoch. ' +
  "cosine: over pairs of tasks' gradients; conflicts: the share of pairs in which it is negative.";

/** The work of a balancer, epoch by epoch: the mean weights of the tasks, and the relation of their gradients. */
export function balancingTable({ balancing = [] }: TrialResult): Table | undefined {
  if (balancing.length === 0) return undefined;
  const tasks = Object.keys(balancing[0]!.weights ?? {});
  const measured = balancing.some(({ gradients }) => gradients);
  return textTable(
    ['epoch', ...tasks.map((task) => `weight of ${task}`), ...(measured ? GRADIENTS : [])],
    balancing.map(({ weights = {}, gradients }, i) => [
      ...[String(i + 1), ...tasks.map((task) => weights[task]!.toPrecision(3))],
      ...(measured ? [formatNumber(gradients?.cosine, 3), formatNumber(gradients?.magnitudeRatio, 2)] : []),
      ...(measured ? [formatShare(gradients?.conflicts ?? NaN, 0)] : []),
    ]),
  );
}

const GRADIENTS = ['cosine', 'longest / shortest', 'conflicts'];
