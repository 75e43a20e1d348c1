/** Writes the picture of the README. `npm run draw --workspace @polytask/site`, after a change of an architecture. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { drawOverview } from './drawing/overview.ts';
import { ROOT } from './repository.ts';

await tf.setBackend('cpu');
writeFileSync(path.join(ROOT, 'docs/pictures/architectures.svg'), drawOverview());
