import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import '@polytask/bench'; // registers all components
import { adatt } from '@polytask/adatt';
import { CompileError } from '@polytask/compile';
import { binary, embed, PolytaskError, regression } from '@polytask/core';
import { categorical, numeric } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, eagerEngine, type Engine } from '@polytask/training';
import { beforeAll, expect, it } from 'vitest';
import { check, type CheckTools, type Outcome, checkDrawn } from './check.ts';
import type { Configuration } from './draw/configuration.ts';
import { faultText, reportText } from './report.ts';
import { onnxScorer, type OnnxScorer } from './run/deployed.ts';

const configuration: Configuration = {
  ...{ seed: 3, rows: 20, unlabeled: 0.2 },
  features: { age: numeric(), town: categorical() },
  tasks: { bought: binary(), hours: regression() },
  model: {
    network: adatt({ levels: [{ experts: mlp([4], { activation: 'tanh' }), perTask: 1, shared: 1 }] }),
    input: embed({ dimension: 2, update: 'sparse' }),
  },
  fit: { batchSize: 8, epochs: 2, optimizer: adam(1e-2) },
};

const node = onnxScorer('no-python');
const tools: CheckTools = { reference: 'eager', compared: 'compiled', scorer: node };

/** The eager engine with another recipe. */
const eagerWith = (change: (recipe: Parameters<Engine['train']>[1]) => Parameters<Engine['train']>[1]): Engine => ({
  ...eagerEngine,
  train: (model, recipe) => eagerEngine.train(model, change(recipe)),
});

const outcomeWith = async (given: CheckTools): Promise<Outcome> => (await check(() => configuration, given)).outcome;

const refusing = (error: Error): Engine => ({ ...eagerEngine, train: () => Promise.reject(error) });

/** Adds to the predictions of a file. */
const scorerWith = (by: number): OnnxScorer => ({
  ...node,
  score: async (...request) => {
    const { bought, ...others } = await node.score(...request);
    return { ...others, bought: Array.from(bought!, (value) => value + by) };
  },
});

beforeAll(() => tf.setBackend('cpu'));

it('a sound model agrees on both engines, saved, loaded, served and exported', async () => {
  expect(await outcomeWith(tools)).toEqual({ kind: 'agree', text: '' });
});

it.each<[string, Partial<CheckTools>, Partial<Outcome>]>([
  [
    'a wrong gradient',
    { compared: eagerWith((recipe) => ({ ...recipe, clip: { value: 1e-3 } })) },
    { stage: 'training' },
  ],
  ['another prediction in ONNX', { scorer: scorerWith(1e-3) }, { stage: 'ONNX' }],
  ['an engine that fails', { compared: refusing(new TypeError('x is undefined')) }, { stage: 'training' }],
  ['an engine that refuses alone', { compared: refusing(new PolytaskError('Expected a')) }, { stage: 'training' }],
])('finds %s', async (_, flaw, wanted) => {
  expect(await outcomeWith({ ...tools, ...flaw })).toMatchObject({ kind: 'fault', ...wanted });
});

it('what both engines refuse, or a compiler, is no fault', async () => {
  const [one, other] = [1, 2].map((step) => refusing(new PolytaskError(`The loss is not finite at step ${step}`)));
  expect((await outcomeWith({ ...tools, reference: one!, compared: other! })).kind).toBe('refused');
  const compiler = refusing(new CompileError("It can't be compiled"));
  expect(await outcomeWith({ ...tools, compared: compiler })).toMatchObject({
    ...{ kind: 'refused', stage: 'training', text: "CompileError: It can't be compiled" },
  });
});

it('a refused configuration is drawn again, and a fault is printed with the command that repeats it', async () => {
  const broken: CheckTools = { ...tools, compared: refusing(new TypeError('x is undefined')) };
  const outcomes: Outcome[] = [];
  let last = '';
  for await (const checked of checkDrawn(1, 0, broken)) {
    outcomes.push(checked.outcome);
    last = faultText(checked);
  }
  expect(outcomes.filter(({ kind }) => kind === 'fault')).toHaveLength(1);
  expect(last).toContain('x is undefined\n  npm run cross-check -- --seed 1 --configuration 0\n  {"seed":');
  expect(reportText(outcomes, 'nothing', 1)).toContain('1 differ without an explanation');
});
