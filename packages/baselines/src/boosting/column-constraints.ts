import type { BinnedColumns, BoostingOptions } from '@polytask/boosting';
import { checkKnown, fail } from '@polytask/components';
import type { NetworkTraining } from '@polytask/core';
import { featuresOfColumns } from './binned.ts';
import { hasSeveralScores, type TaskTarget } from './can-boost.ts';
import type { BoostedTreesSettings } from './tree-arrays.ts';

type Constraints = Pick<BoostingOptions, 'monotoneConstraints' | 'interactionConstraints'>;

/**
 * The constraints of each task by the columns of `binned`, from those by the features of the model.
 *
 * @throws PolytaskError for an unknown feature or task, and for a direction that a feature or a task can't have
 */
export function columnConstraints(
  { monotoneConstraints = {}, interactionConstraints, refitDecayRate, trees }: BoostedTreesSettings,
  { schema, layout }: NetworkTraining['model'],
  { bins }: BinnedColumns,
): (task: string, target: TaskTarget) => Constraints {
  const [features, tasks] = [Object.keys(schema.features), Object.keys(schema.tasks)];
  const directions = Object.entries(monotoneConstraints).map(([name, direction]) => {
    checkKnown(name, features, 'a feature in monotoneConstraints');
    const place = layout.places.find((each) => each.name === name)!;
    if (place.form.type !== 'numbers' || !place.form.scale || place.values)
      fail({
        expected: 'numeric features without "values" in monotoneConstraints',
        received: `"${name}" of kind ${schema.features[name]!.kind}${place.values ? ' with "values"' : ''}`,
        fix: 'Declare it as a number, or leave its constraint out.',
      });
    if (typeof direction === 'object')
      for (const task of Object.keys(direction)) checkKnown(task, tasks, `a task in monotoneConstraints.${name}`);
    return { column: bins[place.column]!.name, name, direction };
  });
  if (directions.length > 0 && refitDecayRate !== undefined)
    fail({
      expected: 'no refitDecayRate with monotoneConstraints: moved leaves would break them',
      received: String(refitDecayRate),
      fix: 'Leave it out: further trees keep the constraints.',
    });
  if (directions.length > 0 && trees !== 'own')
    fail({
      expected: "trees: 'own' with monotoneConstraints: shared trees have no directions",
      received: trees,
      fix: "Choose trees: 'own', or leave the constraints out.",
    });
  const featureOf = featuresOfColumns(layout);
  const groups = interactionConstraints?.map((group) => {
    for (const name of group) checkKnown(name, features, 'a feature in interactionConstraints');
    return bins.flatMap(({ name }, column) => (group.includes(featureOf[column]!) ? [name] : []));
  });
  return (task, target) => ({
    ...(directions.length > 0 && {
      monotoneConstraints: Object.fromEntries(
        directions.map(({ column, name, direction }) => {
          if (typeof direction === 'object') return [column, direction[task] ?? 0];
          if (hasSeveralScores(target))
            fail({
              expected: `a direction of "${name}" for tasks with one score`,
              received: `${direction} for all tasks, and task "${task}" has several`,
              fix: `Give the direction by task: monotoneConstraints={"${name}":{"TASK":${direction}}}.`,
            });
          return [column, direction];
        }),
      ),
    }),
    ...(groups && { interactionConstraints: groups }),
  });
}
