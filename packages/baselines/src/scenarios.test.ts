import { binary, embed, multiTaskModel, type NetworkSpec, type Schema } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { plain, read } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { adaptDhm, hinet, m3oe, pepnet, sarNet, star } from './index.ts';
import { beside } from './testing/oracle.ts';

type Rows = plain.Rows;
const schema: Schema = {
  features: {
    tab: { kind: 'categorical', vocabulary: ['home', 'search'] },
    price: { kind: 'numeric', mean: 0, deviation: 1 },
  },
  tasks: { a: binary(), b: binary() },
};
const experts = mlp([4], { activation: 'tanh' });
const modelOf = (network: NetworkSpec, context: readonly string[] = ['tab']) =>
  multiTaskModel({
    schema: { ...schema, context },
    network,
    input: embed({ dimension: 2, start: 'pytorch' }),
    seed: 7,
  });
type Model = ReturnType<typeof modelOf>;

const rows = ['home', 'search', 'search', 'home'].map((tab, i) => ({ tab, price: i - 1.3 }));
/** Unknown, missing, home, search. */
const CODES = [2, 3, 3, 2];

/** The network's input and the logits of task a, before any training. */
const passOf = (model: Model) =>
  tf.tidy(() => {
    const features = model.toTensors(model.encode(rows));
    return {
      raw: model.input(features).raw.arraySync(),
      logits: model.forward(features).logits['a']!.arraySync().flat(),
    };
  });
const close = (got: readonly number[], expected: Rows) =>
  expected.flat().forEach((value, i) => expect(got[i]).toBeCloseTo(value, 5));
const head = (model: Model, vectors: Rows) =>
  plain.affine(vectors, read<Rows[]>(model, 'heads.kernel')[0]!, read<Rows[]>(model, 'heads.bias')[0]![0]!);
/** tanh(x W + b) of a bank's first expert. */
const tanhOf = (model: Model, path: string, x: Rows) => plain.tanhLayer(model, path, 0, x);
const times = (x: Rows, weight: (row: number) => number) => x.map((row, r) => row.map((value) => value * weight(r)));
const add = (...parts: readonly Rows[]): Rows =>
  parts[0]!.map((row, r) => row.map((_, c) => parts.reduce((sum, part) => sum + part[r]![c]!, 0)));
/** Each row's part of the value of its scenario. */
const own = (of: (code: number) => Rows): Rows => CODES.map((code, r) => of(code)[r]!);

describe('the networks of several scenarios', () => {
  it('star: a logit is s_m + s_a, of the star layers and the auxiliary network on the input (eq. 10)', () => {
    const model = modelOf(star({ units: [4], auxiliary: experts, normalize: false }));
    const { raw, logits } = passOf(model);
    // W_p starts at 1: the shared network
    const main = plain.each(
      plain.affine(
        raw,
        read<Rows[]>(model, 'levels.1.experts.0.0.kernel')[0]!,
        read<Rows[]>(model, 'levels.1.experts.0.0.bias')[0]![0]!,
      ),
      (value) => Math.max(0, value),
    );
    close(logits, head(model, beside(main, tanhOf(model, 'levels.1.experts.1.0', raw))));
  });

  it('sar-net: a softmax over shared experts and those of the scenario, on the transformed input', () => {
    const model = modelOf(sarNet({ expert: experts, shared: 1, perScenario: 1 }));
    const { raw, logits } = passOf(model); // γ starts at 1 and β at 0
    const shares = plain.gateOf(model, 'levels.1.gates', 0, raw);
    const shared = tanhOf(model, 'levels.1.experts.0.0', raw);
    const scenario = own((code) => tanhOf(model, `levels.1.experts.1.${code}.0`, raw));
    close(logits, head(model, plain.fuse(shares, [shared, scenario])));
  });

  it('m3oe: gated shared experts, plus weighted experts of the scenario and of the tasks', () => {
    const model = modelOf(m3oe({ extraction: 3, expert: experts, shared: 2 }));
    const { logits } = passOf(model);
    const x = tf.tidy(() => {
      const features = model.toTensors(model.encode(rows));
      const { lanes, raw } = model.input(features);
      const call = { training: false, raw, features, addLoss: () => undefined };
      return model.network.levels[0]!.apply(lanes, call).get('shared')!.arraySync();
    });
    const at = (name: string) => `levels.1.experts.0.${name}`;
    const bank = (m: number) => plain.tanhLayer(model, at('0'), m, x); // shared.0, shared.1, a, b
    const scores = plain.affine(
      x,
      read<Rows[]>(model, 'levels.1.gates.0.kernel')[0]!,
      read<Rows[]>(model, 'levels.1.gates.0.bias')[0]![0]!,
    );
    const shares = scores.map((row, r) => plain.softmax(row.slice(5 * CODES[r]!, 5 * CODES[r]! + 2)));
    // all weights of the other modules and the balance start at σ(0) = ½; all values count as trained before training
    const parts = [0, 1, 2, 3].map((code) => tanhOf(model, `levels.1.experts.1.${code}.0`, x));
    const others = own((code) => times(add(...parts.filter((_, p) => p !== code)), () => 1 / 3));
    const scenario = times(
      add(
        own((code) => parts[code]!),
        others,
      ),
      () => 0.5,
    );
    const rest = times(add(scenario, bank(2), bank(3)), () => 0.5);
    close(logits, head(model, add(plain.fuse(shares, [bank(0), bank(1)]), rest)));
  });

  it('hinet: CGC on [G ; S_p ; A_p]', () => {
    const model = modelOf(hinet({ scenario: experts, task: experts }));
    const { raw, logits } = passOf(model);
    const mixtureAt = (path: string) => {
      const [kernel, bias] = ['kernel', 'bias'].map((name) => read<Rows[]>(model, `${path}.gate.${name}`)[0]!);
      const weights = plain.affine(raw, kernel!, bias![0]!).map(plain.softmax);
      return plain.fuse(
        weights,
        [0, 1].map((k) => tanhOf(model, `${path}.${k}.0`, raw)),
      );
    };
    const parts = [0, 1, 2, 3].map((code) => mixtureAt(`levels.1.experts.${code}`));
    const scores = plain.affine(
      raw.map((row) => row.slice(1)), // the embedding of the tab
      read<Rows[]>(model, 'levels.1.experts.attention.kernel')[0]!,
      read<Rows[]>(model, 'levels.1.experts.attention.bias')[0]![0]!,
    );
    const shares = scores.map((row, r) => plain.softmax(row.map((score, p) => (p === CODES[r] ? -Infinity : score))));
    const all = beside(
      mixtureAt('levels.0.experts'),
      own((code) => parts[code]!),
      plain.fuse(shares, parts),
    );
    const gate = plain.gateOf(model, 'levels.2.gates', 0, all, (expert) => expert !== 1); // own, the other task's, shared
    const outputs = [0, 1, 2].map((m) => plain.tanhLayer(model, 'levels.2.experts.0', m, all));
    close(logits, head(model, plain.fuse(gate, outputs)));
  });

  it.each([
    ['star', star({ units: [4] })],
    ['sar-net', sarNet({ expert: experts })],
    ['hinet', hinet({ scenario: experts, task: experts })],
    ['m3oe', m3oe({ extraction: 4, expert: experts, tower: experts })],
  ])('%s needs a context, and says so; adapt-dhm needs none', (_, network) => {
    expect(() => modelOf(network, [])).toThrow('Expected a context in the schema');
    expect(modelOf(adaptDhm({ units: [4] }), []).predict(rows)['a']).toHaveLength(4);
  });

  it("pepnet: PPNet's gates read EPNet's output, without a gradient to it", () => {
    const model = modelOf(pepnet({ levels: [{ experts }], hidden: 3, prior: ['price'] }));
    const { raw, logits } = passOf(model);
    const nu = (path: string, u: number, x: Rows) => {
      const layer = (name: string, input: Rows) =>
        plain.affine(
          input,
          read<Rows[]>(model, `${path}${name}.kernel`)[u]!,
          read<Rows[]>(model, `${path}${name}.bias`)[u]![0]!,
        );
      const hidden = plain.each(layer('.hidden0', x), (value) => Math.max(0, value));
      return plain.each(layer('', hidden), (value) => 2 * plain.sigmoid(value));
    };
    const product = (x: Rows, y: Rows) => x.map((row, r) => row.map((value, c) => value * y[r]![c]!));
    const tab = raw.map((row) => row.slice(1));
    const epnet = product(raw, nu('levels.0.gates', 0, beside(tab, raw)));
    const price = raw.map((row) => row.slice(0, 1));
    const gate = nu('levels.1.gates', 0, beside(price, epnet)).map((row) => row.filter((__, i) => i % 2 === 0));
    close(logits, head(model, product(tanhOf(model, 'levels.1.experts.0', epnet), gate)));
  });
});
