import { binary, defineInput, embed, multiTaskModel, type Schema } from '@polytask/core';
import { expectClose, gradientsOf, tinyModel } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { multiTab, type MultiTabOptions } from './multi-tab.ts';

const schema: Schema = {
  features: {
    x: { kind: 'numeric', mean: 0, deviation: 1 },
    y: { kind: 'numeric', mean: 0, deviation: 1 },
    c: { kind: 'categorical', vocabulary: ['u', 'v'] },
  },
  tasks: { a: binary(), b: binary() },
};
const rows = [
  { x: 1, y: -2, c: 'u' },
  { x: 0.5, y: 0.25, c: 'v' },
];
const sizes = { dimension: 4, heads: 2, hidden: 3 };

const nameless = defineInput('multi-tab-test', ({ layout }) => ({
  outputDim: layout.numeric,
  apply: ({ numeric }) => numeric,
}));

/** A model whose parameter p, in the order of the names, has the numbers sin(p + i + i²). */
function modelOf(config: MultiTabOptions) {
  const network = multiTab({ ...sizes, ...config });
  const model = multiTaskModel({ schema, network, input: embed({ dimension: 4 }), seed: 7 });
  const all = [...model.store.all()].sort((a, b) => (a.name < b.name ? -1 : 1));
  all.forEach(({ variable }, p) => {
    const values = Float32Array.from({ length: variable.size }, (_, i) => Math.sin(p + i + i * i));
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  });
  return model;
}

describe('multiTab', () => {
  // Logits of the authors' MTT(att_type='col') in float64, with these numbers as its weights (github.com/Armanfard-Lab/MultiTab, 8ad1c7d).
  it.each<[MultiTabOptions, Record<string, number[]>]>([
    [{}, { a: [0.8751, 1.551141], b: [2.50716, 2.013158] }],
    [{ blocks: 2 }, { a: [-2.977705, -1.576112], b: [6.538866, 6.573481] }],
    [
      { blocks: 2, masked: 'features' },
      { a: [-3.08307, -2.744726], b: [6.743605, 6.722152] },
    ],
    [
      { blocks: 2, masked: 'both' },
      { a: [-2.960551, -1.554031], b: [6.575057, 6.574515] },
    ],
    [
      { blocks: 2, masked: 'none' },
      { a: [-3.096868, -2.761667], b: [6.711874, 6.723623] },
    ],
  ])("%j gives the logits of the authors' code", (config, logits) => {
    const predicted = modelOf(config).predict(rows) as Record<string, Float32Array>;
    for (const [task, expected] of Object.entries(logits))
      expectClose(
        Array.from(predicted[task]!, (p) => Math.log(p / (1 - p))),
        expected,
        3,
      );
  });

  it.each<[MultiTabOptions, boolean]>([
    [{}, false],
    [{ blocks: 2 }, true], // by way of the features
    [{ blocks: 2, masked: 'both' }, false],
    [{ masked: 'features' }, true],
    [{ masked: 'none' }, true],
  ])("%j: the token of b is trained by a's loss: %j", (config, isTrained) => {
    const model = tinyModel(multiTab({ ...sizes, ...config }), { tasks: ['a', 'b'] });
    const ofB = gradientsOf(model, 16, 'a')['tokens.tasks.start']!.slice(4);
    expect(ofB.some((value) => value !== 0)).toBe(isTrained);
  });

  it('refuses widths that heads cannot share, and inputs without names', () => {
    expect(() => tinyModel(multiTab({ dimension: 6, heads: 4 }))).toThrow(
      'Expected tokens whose width 4 heads divide evenly, for multi-tab, received 6.',
    );
    expect(() => multiTab({ mask: 'none' } as MultiTabOptions)).toThrow('Did you mean "masked"?');
    const network = multiTab({ dimension: 4 });
    expect(() => tinyModel(network, { input: nameless() })).toThrow('received 3 columns without names.');
    const together = multiTaskModel({ schema, network, input: embed({ numbers: nameless() }), seed: 7 });
    expect(together.store.get('tokens.features.0.kernel').variable.shape).toEqual([1, 2, 4]); // numbers without names are one token
  });
});
