import { defineFinding, fail } from '@polytask/components';
import { BinnedColumns } from '@polytask/boosting';
import { passLogits, type NetworkTrained, type NetworkTraining } from '@polytask/core';
import { BinReader } from './bin-reader.ts';
import { columnConstraints } from './column-constraints.ts';
import { earlierTrees } from './earlier-trees.ts';
import { growModels } from './grow-models.ts';
import { labeledRows, learnedTasks, type PartModels } from './learned-tasks.ts';
import { TreeArrays, type BoostedTreesSettings } from './tree-arrays.ts';

const improving = /* @__PURE__ */ defineFinding<'task', { rounds: number }>('still-improving', {
  says: ({ task, rounds }) => `Task ${task} was still improving at round ${rounds} of ${rounds}:`,
  remedy: 'raise numIterations.',
});

/** Grows the trees of all tasks on common bins. Trees of an earlier model stay, or their leaves move. @throws PolytaskError for parts that trees can't have */
export async function trainTrees(training: NetworkTraining<BoostedTreesSettings>): Promise<NetworkTrained> {
  const { config, model, train, validation, pause } = training;
  checkParts(model.config);
  const tasks = learnedTasks(model.schema.tasks);
  const {
    trees,
    initIterations,
    refitDecayRate,
    monotoneConstraints: _,
    interactionConstraints: __,
    ...options
  } = config;
  const { reader, bins } =
    initIterations > 0 ? await BinReader.continuing(model) : { reader: BinReader.of(model, train), bins: undefined };
  const columns = await reader.columns(train);
  const table = bins
    ? BinnedColumns.growing({ bins }, Object.fromEntries(columns), reader)
    : BinnedColumns.of(columns, reader);
  const held = validation && {
    batch: validation,
    table: table.like(Object.fromEntries(await reader.columns(validation))),
  };
  const earlier: PartModels = bins ? await earlierTrees(model, config, tasks, bins, table) : new Map();
  const grown = await growModels(trees, {
    ...{ tasks, train: { batch: train, table }, validation: held, earlier, pause, refitDecayRate },
    options: { ...options, seed: model.store.seed },
    constraintsOf: columnConstraints(config, model, table),
  });
  const arrays = new TreeArrays(model.store, config.numLeaves);
  const starts: Record<string, number[]> = {};
  const losses: Record<string, number> = {};
  const findings = [...grown.findings];
  const { numIterations } = config;
  for (const task of tasks) {
    const { name, outputs, parts } = task;
    const start = (starts[name] = Array<number>(outputs).fill(0));
    for (const part of parts) {
      const grownModel = grown.models.get(part);
      if (!grownModel) continue;
      const { output, place, count } = part;
      const { start: constants, trees: all } = grownModel.toJSON();
      constants.forEach((constant, i) => (start[output + i] = constant));
      all.forEach((tree, t) =>
        arrays.set((place + (t % count)) * (initIterations + numIterations) + Math.floor(t / count), tree, table),
      );
      const added = (grownModel.numTrees - (earlier.get(part)?.numTrees ?? 0)) / count;
      if (grownModel.validationLoss && added === numIterations)
        findings.push(improving({ task: name }, { rounds: numIterations }));
    }
    losses[name] = labeledRows([task], train, table).loss(task, grown.models);
  }
  reader.setBins(table);
  arrays.assign();
  passLogits(model, starts);
  return { losses, findings };
}

function checkParts({ input, tower, rotations, selfAuxiliaries }: NetworkTraining['model']['config']): void {
  const parts = { tower, rotations, selfAuxiliaries };
  const [other] = Object.entries(parts).flatMap(([name, part]) => (part === undefined ? [] : [name]));
  if (other === undefined && input?.name === 'binned') return;
  fail({
    expected: 'binned() as the input of boosted trees, and neither tower, rotations nor selfAuxiliaries',
    received: other ?? `input: ${input?.name ?? 'embed'}`,
    fix: 'Declare the model with ...gradientBoosting().',
  });
}
