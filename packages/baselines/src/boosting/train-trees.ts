import { defineFinding, fail, type Finding, sum } from '@polytask/components';
import { BinnedColumns, boostInRounds, refit, type BoostingModel } from '@polytask/boosting';
import {
  doubleMath,
  labelsOf,
  logitsOf,
  rowLossOf,
  lossOf,
  passLogits,
  type Batch,
  type NetworkTrained,
  type NetworkTraining,
  type Task,
} from '@polytask/core';
import { BinReader } from './bin-reader.ts';
import { columnConstraints } from './column-constraints.ts';
import { canBoost, hasSeveralScores, targetOf, type TaskTarget } from './can-boost.ts';
import { earlierTrees } from './earlier-trees.ts';
import { TreeArrays, type BoostedTreesSettings } from './tree-arrays.ts';

const improving = /* @__PURE__ */ defineFinding<'task', { rounds: number }>('still-improving', {
  says: ({ task, rounds }) => `Task ${task} was still improving at round ${rounds} of ${rounds}:`,
  remedy: 'raise numIterations.',
});

/** Grows the trees task by task, on rows with its label and common bins. Trees of an earlier model stay, or their leaves move. @throws PolytaskError for parts that trees can't have */
export async function trainTrees(training: NetworkTraining<BoostedTreesSettings>): Promise<NetworkTrained> {
  const { config, model, train, validation, pause } = training;
  checkParts(model.config);
  const tasks = Object.entries(model.schema.tasks).map(([name, task]) => learned(name, task));
  const { initIterations, refitDecayRate, monotoneConstraints: _, interactionConstraints: __, ...boosting } = config;
  const { reader, bins } =
    initIterations > 0 ? await BinReader.continuing(model) : { reader: BinReader.of(model, train), bins: undefined };
  const columns = await reader.columns(train);
  const table = bins
    ? BinnedColumns.growing({ bins }, Object.fromEntries(columns), reader)
    : BinnedColumns.of(columns, reader);
  const held = validation && table.like(Object.fromEntries(await reader.columns(validation)));
  const constraintsOf = columnConstraints(config, model, table);
  const earlierOf = bins && (await earlierTrees(model, config, bins, table));
  const outputs = sum(tasks, (task) => task.outputs);
  const { numIterations } = config;
  const trees = new TreeArrays(model.store, config.numLeaves);
  const starts: Record<string, number[]> = {};
  const losses: Record<string, number> = {};
  const findings: Finding[] = [];
  let first = 0;
  for (const task of tasks) {
    const rows = labeled(task, train, table);
    const known = held && labeled(task, validation!, held);
    const checked = known && known.labels.length > 0 ? known : undefined;
    const scores: Float64Array[] = [];
    const start = (starts[task.name] = Array<number>(task.outputs).fill(0));
    const { objective } = task.target;
    const together = hasSeveralScores(task.target) ? task.outputs : 1; // outputs of one model
    for (let output = 0; output < task.outputs; output += together) {
      const { target, name } = task;
      const earlier = earlierOf?.(target, { task: name, output, first, count: together });
      let now: BoostingModel | undefined = earlier;
      if (rows.labels.length > 0 && earlier && refitDecayRate !== undefined) {
        const { learningRate, lambdaL2 } = config;
        const options = { learningRate, lambdaL2, refitDecayRate, ...(typeof objective === 'object' && { objective }) };
        now = refit(earlier, { ...rowsFor(rows, target, output), ...options });
      } else if (rows.labels.length > 0) {
        const rounds = boostInRounds({
          ...boosting,
          ...constraintsOf(name, target),
          seed: model.store.seed,
          objective,
          ...(objective === 'multiclass' && { numClass: together }),
          ...rowsFor(rows, target, output),
          validation: checked && rowsFor(checked, target, output),
          initModel: earlier,
        });
        let next = rounds.next();
        for (; !next.done; next = rounds.next())
          await pause((first + output + (together * next.value) / numIterations) / outputs);
        now = next.value;
      }
      if (!now) continue;
      const { start: constants, trees: grown } = now.toJSON();
      constants.forEach((constant, i) => (start[output + i] = constant));
      grown.forEach((tree, t) => {
        const place = (first + output + (t % together)) * (initIterations + numIterations) + Math.floor(t / together);
        trees.set(place, tree, table);
      });
      const added = grown.length / together - (earlier ? earlier.toJSON().trees.length / together : 0);
      if (checked && added === numIterations) findings.push(improving({ task: name }, { rounds: numIterations }));
      if (rows.labels.length > 0) scores.push(now.predict(rows.columns, { rawScore: true }));
    }
    losses[task.name] = lossOn(task, rows, scores);
    first += task.outputs;
  }
  reader.setBins(table);
  trees.assign();
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

interface Learned {
  readonly name: string;
  readonly task: Task;
  readonly target: TaskTarget;
  readonly outputs: number;
}

function learned(name: string, task: Task): Learned {
  if (canBoost(task)) return { name, task, target: targetOf(name, task), outputs: logitsOf(name, task) };
  return fail({
    expected: 'a loss of single rows for trees',
    received: `${lossOf(task).name} for task "${name}"`,
    fix: 'Choose another loss, or train a network.',
  });
}

interface LabeledRows {
  readonly columns: BinnedColumns;
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

function labeled({ name }: Learned, batch: Batch, table: BinnedColumns): LabeledRows {
  const { labels, weights } = labelsOf(batch, name);
  if (weights.every((weight) => weight > 0)) return { columns: table, labels, weights };
  const rows = Uint32Array.from([...weights.keys()].filter((row) => weights[row]! > 0));
  const chosen = (of: Float32Array) => Float32Array.from(rows, (row) => of[row]!);
  return { columns: table.select(rows), labels: chosen(labels), weights: chosen(weights) };
}

const rowsFor = ({ columns, labels, weights }: LabeledRows, { label, weight }: TaskTarget, output: number) => ({
  columns,
  labels: label ? labels.map((each) => label(each, output)) : labels,
  weights: weight ? weights.map((each, row) => each * weight(labels[row]!)) : weights,
});

/** The loss of the task, as networks have it. @param scores of all outputs: one list row by row, or one for each output */
function lossOn({ task, outputs }: Learned, { labels, weights }: LabeledRows, scores: readonly Float64Array[]): number {
  const loss = rowLossOf(lossOf(task), outputs);
  const of = (row: number, i: number) => (scores.length > 1 ? scores[i]![row]! : scores[0]![row * outputs + i]!);
  let [sum, total] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const z = outputs === 1 ? of(row, 0) : Array.from({ length: outputs }, (_, i) => of(row, i));
    sum += weights[row]! * (loss(z, labels[row]!, doubleMath) as number);
    total += weights[row]!;
  }
  return sum / total;
}
