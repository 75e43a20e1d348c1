import { mmoe } from '@polytask/baselines';
import { testExpert, testModel } from '@polytask/testing';
import * as runner from 'vitest'; // or 'node:test'
import { cross } from './cross.ts';

const module = new URL('./cross.ts', import.meta.url).href; // a new process imports it, too
testExpert(cross({ layers: 2 }), { module, runner });
testModel(mmoe({ levels: [{ experts: cross(), pool: 3 }] }), { name: 'MMoE of crosses', module, runner });
