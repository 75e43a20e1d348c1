import { groupBy } from '@polytask/core';
import { pairing } from '../results/folds.ts';
import type { Column, ModelWarning, Summary } from '../summary/summary.ts';
import { formatRanges } from '../format.ts';

/** The warnings of a table: marks such as `[1]` for its cells, and the lines that explain the marks. */
export type MarkedWarnings = ReturnType<typeof markWarnings>;

/** Warnings with equal messages, apart from their numbers, about one task or about whole models. */
interface WarningGroup {
  readonly kind: string;
  readonly task: string | undefined;
  readonly warnings: readonly ModelWarning[];
  readonly models: readonly string[];
  /** Whether the warnings are about all models of the table, or about the data. */
  readonly everywhere: boolean;
  readonly mark: string;
}

/** The metrics that the mark of a kind of finding belongs to. Without these metrics, the mark goes to the task's first column. */
const MARKED: Readonly<Record<string, readonly string[]>> = {
  'undefined-score': ['auc', 'gauc', 'ne'],
  'auc-at-half': ['auc'],
  'worse-than-constant': ['ne', 'logLoss', 'rmsle', 'rmse'],
  'nearly-perfect': ['rmsle', 'rmse'],
};

function markedColumns({ kind, task }: WarningGroup, columns: readonly Column[]): Column[] {
  const own = columns.filter((column) => column.task === task);
  const guarded = own
    .filter(({ metric }) => MARKED[kind]?.includes(metric))
    .slice(0, kind === 'worse-than-constant' ? 1 : undefined); // with log labels, the RMSLE and not the RMSE
  return guarded.length > 0 ? guarded : own.slice(0, 1);
}

/** Merges equal warnings of several models and seeds, and numbers them. */
export function markWarnings(summary: Pick<Summary, 'warnings' | 'models' | 'columns' | 'config'>) {
  const { columns } = summary;
  const groups = groupsOf(summary);
  const marks = (is: (group: WarningGroup) => boolean) =>
    groups
      .filter(is)
      .map(({ mark }) => ` ${mark}`)
      .join('');
  const ofTask = ({ task }: WarningGroup) => task !== undefined && columns.some((column) => column.task === task);
  return {
    lines: groups.map((group) => lineOf(group, summary)),
    cell: (model: string, { task, metric }: Column) =>
      marks(
        (group) =>
          ofTask(group) &&
          !group.everywhere &&
          group.models.includes(model) &&
          markedColumns(group, columns).some((column) => column.task === task && column.metric === metric),
      ),
    model: (model: string) => marks((group) => !ofTask(group) && !group.everywhere && group.models.includes(model)),
    /** Of the header of a task, about which each model has the warning. */
    task: (task: string) => marks((group) => ofTask(group) && group.everywhere && group.task === task),
    all: marks((group) => !ofTask(group) && group.everywhere && group.models.length > 0),
  };
}

function groupsOf({ warnings, models }: Pick<Summary, 'warnings' | 'models'>): WarningGroup[] {
  const shown = warnings.filter(({ severity, about }) => severity === 'warning' || about.model !== undefined);
  const byKey = groupBy(shown, ({ kind, about: { task, model }, message }) =>
    JSON.stringify([kind, task, shapeOf(message), model === undefined && message]),
  );
  let number = 0;
  return [...byKey.values()].map((own): WarningGroup => {
    const { kind, about } = own[0]!;
    const { task, model: first } = about;
    const named = [...new Set(own.flatMap(({ about: { model } }) => model ?? []))];
    const rows = models.map(({ model }) => model);
    const numbered = first !== undefined || task !== undefined;
    return {
      kind,
      task,
      warnings: own,
      models: named,
      everywhere: first === undefined || (rows.length > 1 && rows.every((model) => named.includes(model))),
      mark: numbered ? `[${++number}]` : '',
    };
  });
}

/** `[1] mmoe, adatt (seed 2): Still improving at epoch 8 of 8: raise --epochs.` */
function lineOf(
  { warnings, models, mark }: WarningGroup,
  { models: rows, config }: Pick<Summary, 'models' | 'config'>,
): string {
  const message = mergedMessage(warnings.map((warning) => warning.message));
  if (models.length === 0) return `${mark === '' ? '' : `${mark} `}Data: ${message}`;
  const named = models.map((model) => {
    const seeds = [
      ...new Set(warnings.filter(({ about }) => about.model === model).flatMap((warning) => warning.seeds)),
    ].sort((a, b) => a - b);
    return { model, seeds: seedsOf(seeds, rows.find((row) => row.model === model)?.seeds ?? [], pairing(config).noun) };
  });
  const all = rows.length > 2 && rows.every(({ model }) => models.includes(model));
  const who =
    all && named.every(({ seeds }) => seeds === '')
      ? `all ${rows.length} models`
      : named.map(({ model, seeds }) => `${model}${seeds}`).join(', ');
  return `${mark} ${who}: ${message}`;
}

/** The seeds or folds of a warning: ` (seed 2)`, or '' for all seeds of the model. */
function seedsOf(seeds: readonly number[], all: readonly number[], noun: string): string {
  if (seeds.length === all.length && all.every((seed) => seeds.includes(seed))) return '';
  const ranges = formatRanges(seeds);
  if (ranges.split(', ').length > 3) return ` (${seeds.length} of ${all.length} ${noun}s)`;
  return ` (${noun}${seeds.length === 1 ? '' : 's'} ${ranges})`;
}

/** A separate number: neither the 1 of `task1`, nor the 0.5 of `"0.5-model"`. */
const NUMBER = /(?<![\w."'-])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w"'-]|\.\w)/g;

/** The shape of a message: equal for messages that differ only in their numbers. */
export const shapeOf = (message: string): string => message.replace(NUMBER, '#');

/** Merges messages of one {@link shapeOf}. Different numbers become their range: `NE 1.03–1.20`. */
export function mergedMessage(messages: readonly string[]): string {
  const numbers = messages.map((message) => message.match(NUMBER) ?? []);
  let place = 0;
  return messages[0]!.replace(NUMBER, (own) => {
    const all = numbers.map((list) => list[place] ?? own);
    place++;
    const sorted = [...new Set(all)].sort((a, b) => valueOf(a) - valueOf(b));
    return sorted.length === 1 ? own : `${sorted[0]}–${sorted.at(-1)}`;
  });
}

const valueOf = (text: string): number => Number(text.replaceAll(',', ''));
