import { mmoe } from '@polytask/baselines';
import { testExpert, testModel } from '@polytask/testing';
import * as runner from 'vitest'; // or 'node:test'
import { cross } from './cross.ts';

testExpert(cross({ layers: 2 }), { runner });
testModel(mmoe({ levels: [{ experts: cross(), pool: 3 }] }), { name: 'MMoE of crosses', runner });
