import { mapValues, sum } from '@polytask/components';
import { checks, type FromDescription, type Option, readOptions, type Written } from '@polytask/core';
import { holm, meanInterval, pairedDifference, verdictOf } from '@polytask/metrics';
import type { GradientRelations } from '@polytask/training';
import { LEVEL } from '../summary/comparisons.ts';
import { type OpenedData, rowsOfSpec, visibleRows } from '../trials/open-data.ts';
import { type OpenSetting, planTrials } from '../trials/plan.ts';
import { trainModel } from '../trials/train-model.ts';

/** How the gradients of tasks relate in one training, epoch by epoch, on validation rows. */
export interface TrainedRelations {
  readonly seed: number;
  readonly epochs: readonly EpochRelations[];
}

/** The relations at the end of an epoch. */
interface EpochRelations extends GradientRelations {
  /** What the epoch gained: by how much its validation score is better than the best one before, and at first than that of a constant. */
  readonly progress: number;
}

const { anything, optional } = checks;
const relationsOptions = {
  data: anything as Option<OpenedData>,
  onSeed: optional(anything as Option<(seed: number) => void>),
  signal: optional(anything as Option<AbortSignal>),
};

export interface TrainRelationsOptions extends Written<typeof relationsOptions>, FromDescription {}

/**
 * Trains a model that shares its layers, once for each seed of the suite, and measures after each epoch how its tasks' gradients relate. No
 * test row is read.
 *
 * @param open with one model, such as shared-bottom
 * @throws PolytaskError for an unknown option, and when the model can't be trained; the signal's reason
 */
export async function trainRelations(open: OpenSetting, options: TrainRelationsOptions): Promise<TrainedRelations[]> {
  const { data, onSeed, signal } = readOptions(options, relationsOptions, 'trainRelations');
  const trained: TrainedRelations[] = [];
  for (const spec of planTrials(open)) {
    const epochs: EpochRelations[] = [];
    const isAuc = spec.config.training.selection === 'auc';
    let best = isAuc ? 0.5 : -1; // that of a constant
    const { model } = await trainModel(visibleRows(await rowsOfSpec(data, spec)), spec, {
      onEpoch: async (_, measure) => {
        const { gradients, validation } = await measure();
        const score = (isAuc ? 1 : -1) * mean(Object.values(validation));
        epochs.push({ ...gradients, progress: Math.max(0, score - best) });
        best = Math.max(best, score);
      },
      signal,
    });
    model.dispose();
    trained.push({ seed: spec.seed, epochs });
    onSeed?.(spec.seed);
  }
  return trained;
}

/** Two tasks, and whether a step for one is a step for the other. */
export interface PairRelation {
  readonly tasks: readonly [string, string];
  /** The mean cosine of their gradients over a training, each epoch weighted by its progress, and over seeds. */
  readonly cosine: number;
  /** The 95% t interval of `cosine` over seeds. */
  readonly low: number;
  readonly high: number;
  /** The same mean of the first and the last epoch of the trainings. */
  readonly first: number;
  readonly last: number;
  /** The same of TAG's affinity, over both directions: what a step of one task takes off the loss of the other, as a share. */
  readonly affinity: number;
  /** The mean cosine of the gradients of each parameter that both tasks reach, as `cosine`. */
  readonly byParameter: Readonly<Record<string, number>>;
  /** Whether they help or harm each other significantly, with Holm's correction for all pairs. */
  readonly relation: 'help' | 'harm' | 'unknown';
}

/**
 * How each pair of tasks relates, tested over seeds. An epoch counts by its progress: once a model only learns its training rows by heart,
 * the gradients on other rows say nothing on what the tasks have in common.
 *
 * Paper: Fifty et al., NeurIPS 2021, "Efficiently identifying task groupings for multi-task learning", for `affinity` (eq. 1), which is
 * averaged over steps there.
 *
 * @param tasks in the order of the matrices
 */
export function pairRelations(tasks: readonly string[], trained: readonly TrainedRelations[]): PairRelation[] {
  const pairs = tasks.flatMap((a, i) => tasks.slice(i + 1).map((b, k) => ({ a, b, i, j: i + 1 + k })));
  const measured = pairs.map(({ a, b, i, j }) => {
    const cosine = ({ cosines }: EpochRelations) => cosines[i]![j]!;
    const seeds = known(trained.map(({ epochs }) => byProgress(epochs, cosine)));
    const overSeeds = (of: (epochs: readonly EpochRelations[]) => number) =>
      mean(trained.map(({ epochs }) => of(epochs)));
    return {
      tasks: [a, b] as const,
      test: pairedDifference(seeds, new Float64Array(seeds.length)),
      first: overSeeds(([first]) => (first ? cosine(first) : NaN)),
      last: overSeeds((epochs) => (epochs.length > 0 ? cosine(epochs.at(-1)!) : NaN)),
      affinity: overSeeds((epochs) =>
        byProgress(epochs, (each) => (each.affinity[i]![j]! + each.affinity[j]![i]!) / 2),
      ),
      byParameter: mapValues(trained[0]?.epochs[0]?.byParameter ?? {}, (_, name) =>
        overSeeds((epochs) => byProgress(epochs, (each) => each.byParameter[name]?.[i]?.[j] ?? NaN)),
      ),
    };
  });
  const adjusted = holm(measured.map(({ test }) => test.pValue));
  return measured.map(({ test: { mean: cosine, low, high }, ...rest }, p) => {
    const verdict = adjusted[p]! <= LEVEL ? verdictOf({ low, high }, 'higher') : 'untested';
    const relation = verdict === 'better' ? 'help' : verdict === 'worse' ? 'harm' : 'unknown';
    return { ...rest, cosine, low, high, relation };
  });
}

const known = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value));
const mean = (values: readonly number[]): number => meanInterval(known(values)).mean;

/** The mean over epochs, weighted by their progress. NaN for a training without progress. */
function byProgress(epochs: readonly EpochRelations[], of: (epoch: EpochRelations) => number): number {
  const measured = epochs.filter((epoch) => !Number.isNaN(of(epoch)));
  return sum(measured.map((epoch) => epoch.progress * of(epoch))) / sum(measured.map(({ progress }) => progress));
}

/** The most tasks whose groupings are all compared: 4,140 of them. */
const MOST = 8;

/**
 * The groups of tasks whose pairs help each other most: the grouping with the largest sum of the cosines within groups. A pair that isn't
 * told from chance counts nothing. Of more than 8 tasks, the best two groups are joined as long as it helps.
 *
 * @returns the groups, in the order of the tasks; undefined when no pair is known to help each other
 */
export function taskGroups(tasks: readonly string[], pairs: readonly PairRelation[]): string[][] | undefined {
  if (!pairs.some(({ relation }) => relation === 'help')) return undefined;
  const weightOf = (a: string, b: string) => {
    const pair = pairs.find(({ tasks: both }) => both.includes(a) && both.includes(b))!;
    return pair.relation === 'unknown' ? 0 : pair.cosine;
  };
  const worth = (group: readonly string[]) =>
    sum(group.map((a, i) => sum(group.slice(i + 1).map((b) => weightOf(a, b)))));
  if (tasks.length > MOST) return joinedGroups(tasks, worth);
  return partitions(tasks)
    .map((groups) => ({ groups, value: sum(groups.map(worth)) }))
    .reduce((a, b) => (b.value > a.value || (b.value === a.value && b.groups.length > a.groups.length) ? b : a)).groups;
}

function joinedGroups(tasks: readonly string[], worth: (group: readonly string[]) => number): string[][] {
  let groups = tasks.map((task) => [task]);
  while (groups.length > 1) {
    const joins = groups.flatMap((a, i) =>
      groups.slice(i + 1).map((b) => ({ a, b, gain: worth([...a, ...b]) - worth(a) - worth(b) })),
    );
    const best = joins.reduce((x, y) => (y.gain > x.gain ? y : x));
    if (best.gain <= 0) break;
    groups = groups.flatMap((group) => (group === best.a ? [[...best.a, ...best.b]] : group === best.b ? [] : [group]));
  }
  return groups;
}

function partitions(items: readonly string[]): string[][][] {
  if (items.length === 0) return [[]];
  const last = items.at(-1)!;
  return partitions(items.slice(0, -1)).flatMap((groups) => [
    ...groups.map((_, g) => groups.map((group, i) => (i === g ? [...group, last] : group))),
    [...groups, [last]],
  ]);
}
