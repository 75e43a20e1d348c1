import { adatt } from '@polytask/adatt';
import { binary, multiTaskModel, regression } from '@polytask/core';
import { categorical, fromRows, split, vector } from '@polytask/data';
import { mlp } from '@polytask/experts';

// A small model of two tasks and its rows, for what is tested in browsers.

/** Rows of both tasks. */
export const ROWS = Array.from({ length: 256 }, (_, r) => {
  const x = [Math.sin(3 * r), Math.cos(5 * r), Math.sin(7 * r + 1)];
  return { x, group: 'abc'[r % 3], click: Number(x[0] + x[1] > 0), minutes: 3 + x[1] * x[2] };
});
const TASKS = { click: binary(), minutes: regression() };

/** The 192 training rows. */
export const rows = () => {
  const table = fromRows(ROWS, { features: { x: vector({ width: 3 }), group: categorical() }, tasks: TASKS });
  return split(table, { test: 0.25, seed: 7 }).train;
};

/** A new model, always with the same weights. @param {ReturnType<typeof rows>} examples */
export const modelOf = ({ schema }) =>
  multiTaskModel({
    schema,
    network: adatt({
      levels: [
        { experts: mlp([8]), perTask: 2, shared: 1 },
        { experts: mlp([4]), perTask: 1 },
      ],
    }),
    seed: 7,
  });
