import { mapValues } from '@polytask/components';
import type { MultiTaskModel } from '@polytask/core';
import { encode, type Table } from '@polytask/data';
import { type ComparedRows, type Continued, deployment } from '@polytask/study';
import { evaluate, type EngineChoice } from '@polytask/training';

/** Rows with their name in the report. */
interface NamedRows {
  readonly rows: string;
  readonly table: Table;
}

/**
 * Compares the models on the test rows, in pairs, and says which one to deploy.
 *
 * @param models `new` if one was trained from scratch on the same rows
 * @param test rows that none of them was trained on
 * @param oldRows further rows, on which the old model and the continued one are measured
 * @param folder where the new model is written if it is the one to deploy
 */
export async function compareRetrained(
  { old, continued, new: fresh }: Record<'old' | 'continued', MultiTaskModel> & { new: MultiTaskModel | undefined },
  test: NamedRows,
  oldRows: NamedRows | undefined,
  engine: EngineChoice,
  folder: string | undefined,
): Promise<Pick<Continued, 'tasks' | 'compared' | 'comparisons' | 'deploy'>> {
  const measured = (model: MultiTaskModel, { table }: NamedRows) =>
    evaluate(model, encode(table, model.schema), { engine, predictions: true });
  const compared: ComparedRows[] = [];
  const measuredOn = async (rows: NamedRows) => {
    const [before, after] = [await measured(old, rows), await measured(continued, rows)];
    const anew = fresh && (await measured(fresh, rows));
    const scores = mapValues(before.scores, (byMetric, task) =>
      mapValues(byMetric, (value, metric) => ({
        ...{ before: value, after: after.scores[task]![metric]! },
        ...(anew && { new: anew.scores[task]![metric]! }),
      })),
    );
    compared.push({ rows: rows.rows, size: rows.table.size, scores });
    return { old: before.predictions, continued: after.predictions, new: anew?.predictions };
  };
  const later = await measuredOn(test);
  const earlier = oldRows && (await measuredOn(oldRows));
  const tasks = continued.taskNames.filter((task) => !old.taskNames.includes(task));
  return { tasks, compared, ...deployment(continued.schema.tasks, later, { added: tasks, before: earlier, folder }) };
}
