/**
 * What the reader of a guide has at hand, by the names that the guides use: rows, a model, and modules that are no part of Polytask.
 * The folder that a guide's code runs in has `people.csv`, and `people-model` from here on.
 */
import { writeFile } from 'node:fs/promises';
import { adatt } from '@polytask/adatt';
import { binary, multiTaskModel, save } from '@polytask/core';
import { categorical, numeric, readCsv, split } from '@polytask/data';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';

export { ort, tf, writeFile };

export const features = { age: numeric(), weeks_worked: numeric(), occupation: categorical(), state: categorical() };

export const table = await readCsv('people.csv', {
  features,
  tasks: { income: binary({ positive: '50000+.' }), single: binary({ from: 'marital', positive: 'Never married' }) },
});

export const { train, validation, test } = split(table, { validation: 0.1, test: 0.1, seed: 7 });

export const [trainTable, testTable] = [table, table];

export const { schema } = train;

export const batch = train.batch([0, 1, 2]);

export const network = adatt({ levels: [{ experts: mlp([16]), perTask: 2, shared: 1 }] });

export const model = multiTaskModel({ schema, network, seed: 7 });
await save(model, 'people-model');

export const rows = [{ age: 41, weeks_worked: 52, occupation: 'Sales', state: 'Utah' }];
