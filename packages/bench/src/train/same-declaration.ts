import { fail, type Schema } from '@polytask/core';
import type { Dataset, RowFormat } from '@polytask/data';
import { rowFormat, rowFormatDocument } from '@polytask/data/internal';

/** Options that a continued training applies: where values are, which further ones get a row, and how tasks are trained. */
const APPLIED = {
  feature: ['kind', 'from', 'columns', 'separator', 'minCount', 'maxSize', 'vocabulary'],
  task: ['kind', 'from', 'weight', 'weightFrom', 'loss', 'fitted', 'calibrated'],
} as const;

type Declared = Readonly<Record<string, unknown>>;

/**
 * Refuses a data set whose options contradict a model: those that the model's weights depend on.
 *
 * @param rows the declaration of the model's first rows
 * @throws PolytaskError that names each option with both values
 */
export function checkSameDeclaration(
  { document, context }: Dataset,
  rows: RowFormat,
  schema: Schema,
  place: string,
): void {
  const { features, tasks } = rowFormat(rowFormatDocument(document), place);
  const faults = [
    ...differences('feature', features, rows.features, schema.features),
    ...differences('task', tasks, rows.tasks, schema.tasks),
    ...(textOf(context) === textOf(schema.context)
      ? []
      : [`context is ${textOf(context)}, and was ${textOf(schema.context)}`]),
  ];
  if (faults.length === 0) return;
  fail({
    expected: `the options of the model that is trained on in ${place}`,
    received: `others: ${faults.join('; ')}`,
    fix: 'Give these options their earlier values, or train a new model without --from.',
  });
}

/** @param was the earlier declarations @param fitted those that the model has */
const differences = (what: keyof typeof APPLIED, now: object, was: object, fitted: object): string[] =>
  Object.entries(now as Record<string, Declared>).flatMap(([name, declared]) => {
    const [before, known] = [was, fitted].map((each) => (each as Record<string, Declared>)[name]);
    if (!before || declared['kind'] !== before['kind']) return []; // growSchema refuses it, or a task is new
    return differing(what, declared, before, known).map((text) => `${what} "${name}": ${text}`);
  });

const differing = (what: keyof typeof APPLIED, now: Declared, was: Declared, fitted: Declared = {}): string[] =>
  [...new Set([...Object.keys(now), ...Object.keys(was)])].flatMap((key) => {
    if ((APPLIED[what] as readonly string[]).includes(key)) return [];
    const [value, before, known] = [now[key], was[key], fitted[key]];
    if (key === 'values' && value && before)
      return differing(what, value as Declared, before as Declared, known as Declared);
    if ([before, known].some((each) => textOf(each) === textOf(value))) return [];
    return `${key} is ${textOf(value)}, and was ${textOf(before)}`;
  });

/** false is the default of each flag, so that it is no difference from a missing one. */
const textOf = (value: unknown): string => (value === undefined || value === false ? 'missing' : JSON.stringify(value));
