import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inTemporaryDirectory } from '../pack.js';
import { unexpectedTensorTypes } from './tensor-types.js';

/** @param {string} name @param {Record<string, string>} files @param {Record<string, string>} [entries] */
const complaintOf = (name, files, entries = { '.': './dist/index.d.ts' }) =>
  inTemporaryDirectory((directory) => {
    mkdirSync(join(directory, 'dist'));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, 'dist', file), text);
    const exports = Object.fromEntries(Object.entries(entries).map(([key, types]) => [key, { types }]));
    return unexpectedTensorTypes(directory, {
      name,
      version: '1.0.0',
      exports: { ...exports, './package.json': './p' },
    });
  });

const CHUNKS = {
  'index.d.ts': "import { A } from './chunk-1.js';\nexport { type A };\n",
  'chunk-1.d.ts': "import './index.js';\nimport * as tf from '@tensorflow/tfjs-core';\nexport type A = tf.Tensor;\n",
};

it('finds TensorFlow.js behind the chunks of a declaration', () => {
  expect(complaintOf('@polytask/metrics', CHUNKS)).toBe(
    '@polytask/metrics: expected nothing of TensorFlow.js, received @tensorflow/tfjs-core',
  );
  expect(complaintOf('@polytask/core', CHUNKS)).toBe('');
});

it('an entry that may have tensors may not have tf.layers, and must still have tensors', () => {
  const whole = { 'index.d.ts': "import * as tf from '@tensorflow/tfjs';\nimport { a } from '@polytask/core';\n" };
  const received = 'expected @tensorflow/tfjs-core of TensorFlow.js, received';
  expect(complaintOf('@polytask/testing', whole)).toBe(`@polytask/testing: ${received} @tensorflow/tfjs`);
  const none = {
    'index.d.ts': "/** import * as tf from '@tensorflow/tfjs-core'; */\nexport declare const a: number;\n",
  };
  expect(complaintOf('@polytask/testing', none)).toBe(`@polytask/testing: ${received} nothing`);
});

it('knows the doors to tf.layers and tf.data by their entries', () => {
  const door = { 'tf-data.d.ts': "import * as tf from '@tensorflow/tfjs';\n" };
  expect(complaintOf('@polytask/data', door, { './tf-data': './dist/tf-data.d.ts' })).toBe('');
});
