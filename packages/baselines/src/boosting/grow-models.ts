import { boostInRounds, boostTogetherInRounds, refit } from '@polytask/boosting';
import type { BinnedColumns, BoostingSettings } from '@polytask/boosting';
import { defineFinding, fail, sum, type Finding } from '@polytask/components';
import type { Batch } from '@polytask/core';
import type { columnConstraints } from './column-constraints.ts';
import { labeledRows, type LearnedTask, type Part, type PartModels } from './learned-tasks.ts';
import type { BoostedTreesSettings } from './tree-arrays.ts';

export interface Growing {
  readonly tasks: readonly LearnedTask[];
  readonly train: { readonly batch: Batch; readonly table: BinnedColumns };
  readonly validation: { readonly batch: Batch; readonly table: BinnedColumns } | undefined;
  readonly options: Omit<BoostingSettings, 'monotoneConstraints' | 'interactionConstraints'> & {
    readonly seed: number;
  };
  readonly refitDecayRate: number | undefined;
  readonly constraintsOf: ReturnType<typeof columnConstraints>;
  /** The models that further trees are added to. */
  readonly earlier: PartModels;
  /** @param share how much is done */
  pause(share: number): Promise<void>;
}

type Grow = (growing: Growing) => Promise<PartModels>;

const chosen = /* @__PURE__ */ defineFinding<'task', Record<'own' | 'shared', number>>('chosen-trees', {
  severity: 'note',
  says: ({ task, own, shared }) =>
    `Task ${task} has ${shared < own ? 'shared' : 'its own'} trees: validation loss ${own.toPrecision(4)} with its own, ${shared.toPrecision(4)} with shared trees.`,
});

/** Grows the models that a task has. Without labels, its earlier ones stay. */
export async function growModels(
  trees: BoostedTreesSettings['trees'],
  growing: Growing,
): Promise<{ readonly models: PartModels; readonly findings: readonly Finding[] }> {
  const { validation, tasks, earlier, refitDecayRate } = growing;
  if (refitDecayRate !== undefined || trees === 'own') return { models: await growOwn(growing), findings: [] };
  if (trees === 'shared') return { models: await growShared(growing), findings: [] };
  if (!validation)
    return fail({
      expected: "validation rows and early stopping for trees: 'chosen'",
      received: 'training rows only',
      fix: "Pass validation and stopping: earlyStopping() to fit, or choose trees: 'own' or 'shared'.",
    });
  const half = (grow: Grow, done: number) => grow({ ...growing, pause: (share) => growing.pause((done + share) / 2) });
  const [own, shared] = [await half(growOwn, 0), await half(growShared, 1)];
  const compared = tasks.flatMap((task) => {
    const rows = labeledRows([task], validation.batch, validation.table);
    const isGrown = task.parts.some((part) => own.get(part) !== earlier.get(part));
    if (!isGrown || rows.count(task) === 0) return [];
    return [{ task, own: rows.loss(task, own), shared: rows.loss(task, shared) }];
  });
  const better = compared.filter((losses) => losses.shared < losses.own).flatMap(({ task }) => task.parts);
  return {
    models: new Map([...own, ...better.map((part) => [part, shared.get(part)!] as const)]),
    findings: compared.map(({ task, ...losses }) => chosen({ task: task.name }, losses)),
  };
}

/** Task by task, on the rows with its label. */
const growOwn: Grow = async ({ tasks, train, validation, options, refitDecayRate, ...growing }) => {
  const models = new Map(growing.earlier);
  const outputs = sum(tasks, (task) => task.outputs);
  for (const task of tasks) {
    const { name, target, parts } = task;
    const { objective } = target;
    const rows = labeledRows([task], train.batch, train.table);
    if (rows.count(task) === 0) continue;
    const held = validation && labeledRows([task], validation.batch, validation.table);
    for (const part of parts) {
      const { output, place, count } = part;
      const [initModel, labeled] = [growing.earlier.get(part), { columns: rows.columns, ...rows.of(task, output) }];
      if (initModel && refitDecayRate !== undefined) {
        const { learningRate, lambdaL2 } = options;
        const loss = typeof objective === 'object' && { objective };
        models.set(part, refit(initModel, { ...labeled, learningRate, lambdaL2, refitDecayRate, ...loss }));
        continue;
      }
      const rounds = boostInRounds({
        ...{ ...options, ...growing.constraintsOf(name, target), ...objectiveOf(task, part), ...labeled, initModel },
        validation: held && held.count(task) > 0 ? { columns: held.columns, ...held.of(task, output) } : undefined,
      });
      const pause = (share: number) => growing.pause((place + count * share) / outputs);
      models.set(part, await lastOf(rounds, options, pause));
    }
  }
  return models;
};

/** All tasks together, on the rows with any label. */
const growShared: Grow = async ({ tasks, train, validation, options, constraintsOf, earlier, pause }) => {
  const rows = labeledRows(tasks, train.batch, train.table);
  const held = validation && labeledRows(tasks, validation.batch, validation.table);
  const learned = tasks.flatMap((task) =>
    rows.count(task) === 0
      ? []
      : task.parts.map((part) => ({ name: `${task.name} ${part.output}`, task, part, output: part.output })),
  );
  if (learned.length === 0) return earlier;
  const [{ task: first }] = learned as [(typeof learned)[0]];
  const rounds = boostTogetherInRounds({
    ...{ ...options, ...constraintsOf(first.name, first.target), columns: rows.columns }, // those of all tasks: no directions
    tasks: Object.fromEntries(
      learned.map(({ name, task, part, output }) => [
        name,
        { ...objectiveOf(task, part), ...rows.of(task, output), initModel: earlier.get(part) },
      ]),
    ),
    validation: held && {
      columns: held.columns,
      tasks: Object.fromEntries(learned.map(({ name, task, output }) => [name, held.of(task, output)])),
    },
  });
  const grown = await lastOf(rounds, options, pause);
  return new Map([...earlier, ...learned.map(({ name, part }) => [part, grown[name]!] as const)]);
};

const objectiveOf = ({ target: { objective } }: LearnedTask, { count }: Part) => ({
  objective,
  ...(objective === 'multiclass' && { numClass: count }),
});

async function lastOf<Result>(
  rounds: Generator<number, Result>,
  { numIterations }: Growing['options'],
  pause: Growing['pause'],
): Promise<Result> {
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
    await pause(value / numIterations);
  }
}
