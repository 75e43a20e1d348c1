/**
 * @typedef {object} Program
 * @property {number} budget in bytes, minified and gzipped: a larger program fails
 * @property {boolean} [withTensorflow] whether TensorFlow.js counts
 * @property {string} text
 */

const MODEL = `
import { load } from '@polytask/core';
import '@polytask/adatt';
import '@polytask/experts/common';
export async function predict(url, rows) {
  const model = await load(url);
  return model.predict(rows);
}
`;

/** What pages do, and how large each may be. @type {Record<string, Program>} */
export const PROGRAMS = {
  predict: { budget: 34_000, text: MODEL },

  train: {
    budget: 78_000,
    text: `
import { binary, denseSchema, multiTaskModel, rowEncoder } from '@polytask/core';
import { adatt } from '@polytask/adatt';
import { mlp } from '@polytask/experts/common';
import { fit } from '@polytask/training';
export async function train(rows) {
  const schema = denseSchema(20, { click: binary(), like: binary() });
  const network = adatt({ levels: [{ experts: mlp([16]), perTask: 2 }] });
  const model = multiTaskModel({ schema, network, seed: 7 });
  await fit(model, rows, { epochs: 3 });
  return model;
}
`,
  },

  'metrics alone': {
    budget: 5_200,
    text: `
import { auc, logLoss } from '@polytask/metrics';
export const report = (labels, scores) => ({ auc: auc(labels, scores), logLoss: logLoss(labels, scores) });
`,
  },

  'balancing alone': {
    budget: 8_000,
    text: `
import { createBalancer, pcGrad } from '@polytask/balancing';
export const balance = (random) => createBalancer(pcGrad(), { tasks: ['click', 'like'], random });
`,
  },

  'predicting page': {
    budget: 200_000,
    withTensorflow: true,
    text: `
import '@tensorflow/tfjs-backend-webgl';
${MODEL}`,
  },
};
