import { adatt, binary, evaluate, fit, mlp, multiTaskModel, regression, adam } from 'polytask';
import { load, save, type MultiTaskModel } from '@polytask/core';
import { categorical, fromTfDataset, numeric, readCsv, split } from '@polytask/data';
import { ple } from '@polytask/baselines';
import { pcGrad } from '@polytask/balancing';
import { exportOnnx, openPredictor } from '@polytask/serving';
import { predictFile, serve, type Service } from '@polytask/server';
import type { data as tfData } from '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs-core';
import { exactly } from './exactly.ts';

const table = await readCsv('people.csv', {
  features: { age: numeric(), state: categorical() },
  tasks: { income: binary({ positive: '50000+.' }), hours: regression() },
});
const { train, validation } = split(table, { validation: 0.1, seed: 7 });
const network = adatt({ levels: [{ experts: [mlp([8])], perTask: 2, shared: 1 }] });
const model = multiTaskModel({ schema: train.schema, network, tower: mlp([4]), seed: 7 });

await fit(model, train, {
  validation,
  optimizer: adam(1e-3),
  balancing: pcGrad(),
  callbacks: {
    onEpochEnd: ({ epoch, validation: scores }) => {
      exactly<number>()(epoch);
      exactly<number>()(scores!.income.auc);
      // @ts-expect-error a regression has no AUC
      void scores?.hours.auc;
    },
  },
});

const scores = await evaluate(model, validation, { metrics: { income: ['auc', 'prAuc'] } });
exactly<number>()(scores.income.prAuc);
exactly<number>()(scores.hours.rmse);
// @ts-expect-error there is no such task
void scores.outcome;
// @ts-expect-error metrics are a list
await evaluate(model, validation, { metrics: { income: 'auc' } });

const predictions = model.predict([{ age: 41, state: 'Utah' }]);
exactly<'income' | 'hours'>()({} as keyof typeof predictions);
exactly<Float32Array>()(predictions.hours);
const { logits } = model.forward({} as Parameters<typeof model.forward>[0]);
exactly<tf.Tensor2D>()(logits.income);
// @ts-expect-error a list of columns is no network
multiTaskModel({ schema: train.schema, network: ['age'] });
// @ts-expect-error a PLE has no option `perTasks`
ple({ levels: [{ experts: mlp([8]), perTasks: 1, shared: 1 }] });

await save(model, 'people-model');
exactly<MultiTaskModel>()(await load('people-model'));
exactly<Uint8Array>()(await exportOnnx(model));
const predictor = await openPredictor(model);
exactly<number>()(predictor.layout.numeric);
exactly<Service>()(await serve('people-model', { port: 8080 }));
await predictFile('people-model', 'rows.csv', { out: 'predictions.parquet' });

declare const dataset: tfData.Dataset<tf.TensorContainer>;
await fromTfDataset(dataset, { features: { age: numeric() }, tasks: { clicked: binary() } });
