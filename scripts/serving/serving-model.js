import { adatt } from '@polytask/adatt';
import { binary, multiclass, multiTaskModel, randomStream, regression } from '@polytask/core';
import { mlp } from '@polytask/experts';

const NUMBERS = Array.from({ length: 8 }, (_, i) => `x${i}`);
const ITEMS = Array.from({ length: 200 }, (_, i) => `item ${i}`);

/** An untrained model of three tasks over eight numbers and a category: only its size matters. @param {number} [seed] */
export function servingModel(seed = 1) {
  /** @type {Record<string, import('@polytask/core').Feature>} */
  const features = Object.fromEntries(
    NUMBERS.map((name) => [name, /** @type {const} */ ({ kind: 'numeric', mean: 0, deviation: 1 })]),
  );
  features.item = { kind: 'categorical', vocabulary: ITEMS };
  const tasks = { click: binary(), rating: multiclass({ classes: ['low', 'middle', 'high'] }), minutes: regression() };
  const network = adatt({
    levels: [
      { experts: mlp([64]), perTask: 2, shared: 1 },
      { experts: mlp([32]), perTask: 2 },
    ],
  });
  return multiTaskModel({ schema: { features, tasks }, network, tower: mlp([16]), seed });
}

/** The request for the predictions of rows. @param {string} url @param {number} count */
export const requestFor = (url, count) => ({
  url: `${url}/predict`,
  method: /** @type {const} */ ('POST'),
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(servingRows(count)),
});

/** Rows for the model, with a value for each feature. @param {number} count */
export function servingRows(count) {
  const numbers = NUMBERS.map((name) => randomStream(1, name).normal(count));
  return Array.from({ length: count }, (_, r) => ({
    ...Object.fromEntries(NUMBERS.map((name, c) => [name, Number(numbers[c][r].toFixed(4))])),
    item: ITEMS[(r * 7) % ITEMS.length],
  }));
}
