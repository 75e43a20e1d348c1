import { fail } from '../errors/errors.ts';
import type { FusionLevelConfig } from './fusion-level-config.ts';
import { lanesOf } from './units.ts';

/** Throws when a level's units, outputs and lanes don't fit together. */
export function validateLevel(
  config: Pick<FusionLevelConfig, 'units' | 'outputs' | 'keeps'> & { path: string; lanes: readonly string[] },
): void {
  const { path, units, outputs, lanes, keeps = [] } = config;
  for (const unit of units) {
    const { name, experts } = unit;
    if (!Number.isInteger(experts) || experts < 0) {
      fail({
        expected: `a whole number of experts for unit "${name}" at ${path}`,
        received: String(experts),
        mend: 'Give perTask one number, a number for each task in their order, or a number by task name.',
      });
    }
    const missing = lanesOf(unit).find((lane) => !lanes.includes(lane));
    if (missing !== undefined) {
      const own = missing === name;
      fail({
        expected: `unit "${name}" at ${path} to have a lane from the level before${own ? '' : `, "${missing}"`}`,
        received: `lanes ${lanes.join(', ')}`,
        mend: `Add it to the outputs of the level before${own ? '' : ', or to the lanes that it keeps'}.`,
      });
    }
  }
  const lost = keeps.find((lane) => !lanes.includes(lane));
  if (lost !== undefined) {
    fail({
      expected: `lane "${lost}" to come to ${path}, which keeps it`,
      received: `lanes ${lanes.join(', ')}`,
      mend: 'Let the level before give or keep it.',
    });
  }
  if (units.every(({ experts }) => experts === 0)) {
    fail({ expected: `at least one expert at ${path}`, received: 'none', mend: 'Pass perTask or shared above 0.' });
  }
  for (const [what, names] of [
    ['units', units.map((unit) => unit.name)],
    ['outputs', [...outputs, ...keeps]],
  ] as const) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      fail({ expected: `${what} with different names at ${path}`, received: `"${twice}" twice`, mend: 'Rename one.' });
    }
  }
}
