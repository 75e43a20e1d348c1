import { testPenalty, untested } from '@polytask/testing';
import * as runner from 'vitest';
import { dealt } from '../../../cases.base.ts';
import { orthogonality, tensorNormal } from './penalties.ts';

/** Every penalty of the package. A new one is a row here. */
const PENALTIES = [orthogonality({ weight: 0.1, subspaces: 2 }), tensorNormal({ weight: 0.1 })];

PENALTIES.forEach((spec, row) => testPenalty(spec, { runner: dealt(runner, row) }));

runner.it('has a row for every penalty of the package', () => {
  runner.expect(untested('penalty', PENALTIES, ['@polytask/baselines'])).toEqual([]);
});
