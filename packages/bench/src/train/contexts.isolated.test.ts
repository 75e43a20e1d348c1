import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { checks, contextOf, defineExpert, defineNetwork, fail, fusion, linear, load, ownUnits } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { train } from './train.ts';

// From a data set file to a trained model: an architecture whose variant needs a context, and PEPNet, which uses those that there are.

const bias = defineExpert(
  'bench-contexts.bias',
  (builder, { context }) => {
    const { values, oneHot } = contextOf(builder, context);
    const w = builder.weight('kernel', [values, 3]);
    return { outputDim: 3, apply: (_, call) => linear(oneHot(call), w) };
  },
  { options: { context: checks.text } },
);

defineNetwork(
  'bench-contexts.scenario',
  ({ experts }, tasks) =>
    fusion([{ units: ownUnits(tasks), experts, outputs: tasks, gate: identityGate({ sees: 'own' }) }]),
  {
    options: { experts: checks.component('expert') },
    variants: {
      scenario: {
        description: 'a vector for each value of a context',
        config: ({ contexts: [context] = [] }) => ({
          experts: bias({
            context:
              context ?? fail({ expected: 'a context', received: 'none', fix: 'Declare one: "context": ["tab"].' }),
          }),
        }),
      },
    },
  },
);

let directory: string;
const at = (name: string) => path.join(directory, name);
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-contexts-'));
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${i % 41},${i % 3 ? 'home' : 'search'},${Number(i % 41 > 20)},${i % 2}`,
  );
  await writeFile(at('views.csv'), `age,tab,click,like\n${rows.join('\n')}\n`);
  const document = {
    files: 'views.csv',
    features: { age: 'numeric', tab: 'categorical' },
    tasks: { click: 'binary', like: 'binary' },
  };
  await writeFile(at('plain.json'), JSON.stringify(document));
  await writeFile(at('views.json'), JSON.stringify({ ...document, context: ['tab'] }));
  const suite = { name: 'in context', extends: 'plain.json', data: { context: ['tab'] } };
  await writeFile(at('suite.json'), JSON.stringify(suite));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const SMALL = { size: { levels: [4], tower: [2], embedding: 2 }, engine: 'cpu', epochs: 1 } as const;

test('a variant gets the contexts of the data, declared in its file or by a suite', { tags: ['long'] }, async () => {
  for (const name of ['views.json', 'suite.json']) {
    const { model } = await train(at(name), { ...SMALL, model: 'scenario', out: at(`of ${name}`) });
    const loaded = await load(at(`of ${name}`));
    expect([model.schema.context, loaded.schema.context]).toEqual([['tab'], ['tab']]);
    const [home, search] = ['home', 'search'].map((tab) => loaded.predict([{ age: 1, tab }])['click']![0]);
    expect(home).not.toBe(search);
    for (const each of [model, loaded]) each.dispose();
  }
  await expect(train(at('plain.json'), { ...SMALL, model: 'scenario' })).rejects.toThrow(
    'Expected a context, received none',
  );
});

test('PEPNet gates its input by them, and so shares layers', { tags: ['long'] }, async () => {
  const levels = async (name: string) => {
    const { model, report } = await train(at(name), { ...SMALL, model: 'pepnet' });
    const found = { levels: model.network.levels.length, shares: report.trials[0].sharesLayers };
    model.dispose();
    return found;
  };
  expect(await levels('views.json')).toEqual({ levels: 2, shares: true });
  expect(await levels('plain.json')).toEqual({ levels: 1, shares: false });
});
