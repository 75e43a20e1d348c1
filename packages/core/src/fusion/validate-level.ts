import { fail } from '../errors/errors.ts';
import type { FusionLevelConfig } from './fusion-level-config.ts';

/** Throws when a level's units, outputs and lanes don't fit together. */
export function validateLevel(
  config: Pick<FusionLevelConfig, 'units' | 'outputs'> & { path: string; lanes: readonly string[] },
): void {
  const { path, units, outputs, lanes } = config;
  for (const { name, experts } of units) {
    if (!Number.isInteger(experts) || experts < 0) {
      fail({
        expected: `a whole number of experts for unit "${name}" at ${path}`,
        received: String(experts),
        mend: 'Give perTask one number, a number for each task in their order, or a number by task name.',
      });
    }
    if (!lanes.includes(name)) {
      fail({
        expected: `unit "${name}" at ${path} to have a lane from the level before`,
        received: `lanes ${lanes.join(', ')}`,
        mend: 'Add it to the outputs of the level before.',
      });
    }
  }
  if (units.every(({ experts }) => experts === 0)) {
    fail({ expected: `at least one expert at ${path}`, received: 'none', mend: 'Pass perTask or shared above 0.' });
  }
  for (const [what, names] of [['units', units.map((unit) => unit.name)], ['outputs', outputs]] as const) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      fail({ expected: `${what} with different names at ${path}`, received: `"${twice}" twice`, mend: 'Rename one.' });
    }
  }
}
