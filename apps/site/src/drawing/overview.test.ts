import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { ROOT } from '../repository.ts';
import { drawOverview } from './overview.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('the picture of the README is that of the architectures', () => {
  expect(readFileSync(path.join(ROOT, 'docs/pictures/architectures.svg'), 'utf8')).toBe(drawOverview());
});
