import { BoostingModel, type BinnedColumns, type Bins, type BoostingDocument } from '@polytask/boosting';
import { recordOf } from '@polytask/components';
import type { NetworkTraining } from '@polytask/core';
import { passedConstants } from '@polytask/core/internal';
import type { LearnedTask, Part, PartModels } from './learned-tasks.ts';
import { treeSizes, walkedTrees, WORD, WORDS, type BoostedTreesSettings } from './tree-arrays.ts';

/** Reads the trees of the first `initIterations` rounds as the boosting models of parts that have some. @param bins those of the trees @param table has them, and perhaps more */
export async function earlierTrees(
  model: NetworkTraining['model'],
  config: BoostedTreesSettings,
  tasks: readonly LearnedTask[],
  bins: readonly Bins[],
  table: BinnedColumns,
): Promise<PartModels> {
  const names = ['columns', 'left', 'paths', 'values', 'counts'] as const;
  const read = await Promise.all(names.map((name) => model.store.get(`trees.${name}`).variable.data<'float32'>()));
  const arrays = recordOf(names, (name) => read[names.indexOf(name)]!);
  const { rounds, splits, leaves } = treeSizes(config, 1);
  const { children } = walkedTrees(arrays, { trees: arrays.values.length / leaves, splits, leaves });
  const columns = bins.map((own) =>
    'thresholds' in own
      ? { name: own.name, thresholds: [...own.thresholds] }
      : { name: own.name, categories: [...own.categories] },
  );
  const starts = await passedConstants(model);

  function treeAt(place: number): BoostingDocument['trees'][number] {
    const paths = arrays.paths.subarray(place * leaves * splits, (place + 1) * leaves * splits);
    const size = Array.from({ length: splits }, (_, split) => split).filter((split) =>
      paths.some((side, i) => i % splits === split && side !== 0),
    ).length;
    const nodes = Array.from({ length: size }, (_, split) => {
      const at = place * splits + split;
      const column = arrays.columns[at]!;
      const own = bins[column]!;
      const isNumber = 'thresholds' in own;
      const missing = isNumber ? own.thresholds.length + 1 : own.categories.length;
      const has = (bin: number) => (arrays.left[at * WORDS + Math.floor(bin / WORD)]! >> (bin % WORD)) & 1;
      const lefts = Array.from({ length: missing }, (_, bin) => bin).filter(has);
      return { column, left: isNumber ? lefts.length - 1 : lefts, missing: has(missing) as 0 | 1 };
    });
    return {
      column: nodes.map(({ column }) => column),
      left: nodes.map(({ left }) => left),
      missing: nodes.map(({ missing }) => missing),
      children: [...children.subarray(place * splits * 2, (place * splits + size) * 2)],
      gain: nodes.map(() => 0),
      value: [...arrays.values.subarray(place * leaves, place * leaves + size + 1)],
      count: [...arrays.counts.subarray(place * leaves, place * leaves + size + 1)],
    };
  }

  function modelOf({ name, target: { objective } }: LearnedTask, { output, place, count }: Part) {
    const placeOf = (round: number, i: number) => (place + i) * rounds + round;
    const isEmpty = (round: number) =>
      Array.from({ length: count }, (_, i) => placeOf(round, i)).every((at) =>
        arrays.values.subarray(at * leaves, (at + 1) * leaves).every((value) => value === 0),
      );
    let used = config.initIterations;
    while (used > 0 && isEmpty(used - 1)) used--;
    if (used === 0) return undefined;
    return BoostingModel.fromJSON({
      ...{ format: 'polytask-boosting', version: 1, columns },
      objective: typeof objective === 'string' ? objective : 'custom',
      start: starts[name]!.slice(output, output + count),
      trees: Array.from({ length: used * count }, (_, t) => treeAt(placeOf(Math.floor(t / count), t % count))),
    } satisfies BoostingDocument).withBins(table.bins);
  }

  const models = new Map<Part, BoostingModel>();
  for (const task of tasks)
    for (const part of task.parts) {
      const own = modelOf(task, part);
      if (own) models.set(part, own);
    }
  return models;
}
