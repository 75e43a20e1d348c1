import { defineFinding, type Finding, mapValues } from '@polytask/components';
import { formOf, grownSchema, type Scale, type Schema } from '@polytask/core';
import { allRows, checkRows } from '../columns/columns.ts';
import { refuseSpellings } from '../guards/positive-spellings.ts';
import type { Table } from '../table/table.ts';
import { featuresFitter } from '../fitting/fit-schema.ts';
import { taskFitter, trainedAs } from '../labels/index.ts';

/** The schema of a model that is trained on with further rows. */
export interface GrownSchema {
  /** Vocabularies have the values of the rows at their ends. All else is that of the model, but for the columns, weights and
   * losses of tasks, which are those of the table. Tasks that the model lacks are fitted to the rows. */
  readonly schema: Schema;
  /** One for each number that seems to have another unit than it had. */
  readonly warnings: readonly Finding[];
}

/**
 * Grows the schema of a trained model for further rows: core's `growModel` then makes a model of it.
 *
 * @param rows the indices of the training rows; default: all rows. Other rows have no effect
 * @throws PolytaskError for a feature that is gone, new or of another kind, and as {@link fitSchema} does
 * @throws PolytaskError for a label that means yes and is spelled otherwise than in the training
 * @example
 * const { schema } = growSchema(table, old.schema);
 * const { model } = await growModel(old, schema);
 * await fit(model, encode(table, schema));
 */
export function growSchema(table: Table, schema: Schema, rows: ArrayLike<number> = allRows(table.size)): GrownSchema {
  checkRows(rows, table.size);
  refuseSpellings(rows.length === table.size ? table : table.subset(rows), 'the rows', schema.tasks);
  const features = featuresFitter(table.features, Infinity);
  const further = mapValues(table.tasks, (task, name) =>
    name in schema.tasks ? { add() {}, finish: () => task } : taskFitter(name, task),
  );
  for (const fitter of [features, ...Object.values(further)]) fitter.add(table, rows);
  const fitted = features.finish();
  const grown = grownSchema(schema, { features: fitted, tasks: mapValues(further, (fitter) => fitter.finish()) });
  return {
    schema: { ...grown, tasks: mapValues(grown.tasks, (task, name) => trainedAs(task, table.tasks[name] ?? task)) },
    warnings: otherUnits(schema, { features: fitted }),
  };
}

const otherUnit = /* @__PURE__ */ defineFinding<'column', Record<'before' | 'now', Scale>>('other-units', {
  says({ column, before, now }) {
    const [was, is] = [before, now].map(
      ({ mean, deviation }) => `${mean.toPrecision(3)} ± ${deviation.toPrecision(3)}`,
    );
    const ofLog = before.log ? ' (of the logarithm)' : '';
    return `Feature ${column} is ${is} in these rows, and was ${was} in the rows that the model was trained on${ofLog}.`;
  },
  remedy: 'Has it another unit? The model still reads it in the unit of before.',
});

/** Means that are farther apart than this many standard deviations, or standard deviations with such a ratio, are of another unit. */
const FAR = 5;

const otherUnits = (old: Schema, further: Pick<Schema, 'features'>): Finding[] =>
  Object.keys(old.features).flatMap((feature): Finding[] => {
    const [before, now] = [old, further].map(({ features }) => {
      const form = features[feature] && formOf(features[feature], feature, features);
      return form?.type === 'numbers' ? form.scale : undefined;
    });
    if (!before || !now || !(before.deviation > 0) || !(now.deviation > 0)) return [];
    const ratio = Math.max(now.deviation / before.deviation, before.deviation / now.deviation);
    if (Math.abs(now.mean - before.mean) <= FAR * before.deviation && ratio <= FAR) return [];
    return [otherUnit({ column: feature }, { before, now })];
  });
