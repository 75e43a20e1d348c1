import { createBank, layoutOf, ParameterStore, contextsOf, partTensors, type ExpertSpec } from '@polytask/core';
import { plain, tinyRows } from '@polytask/testing';
import { tinyCall } from '@polytask/testing/internal';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { linearExpert, mixture, partitionedNorm, perContext, starExpert } from './index.ts';

/** Unknown, missing, home, search. */
const schema = { features: { tab: { kind: 'categorical', vocabulary: ['home', 'search'] } } as const, tasks: {} };
const layout = layoutOf(schema);

/** One expert on rows with these codes of the tab. */
function one(spec: ExpertSpec) {
  const store = new ParameterStore(7);
  const columns = new Map([['tab', { from: 0, width: 1 }]]);
  const contexts = contextsOf({ ...schema, context: ['tab'] }, layout, columns);
  const bank = createBank(store, { path: 'e', members: ['a'], experts: spec, inputDim: 3, contexts });
  const named = (name: string) => store.all().find((each) => each.name.endsWith(name))!.variable;
  const run = (x: number[][], codes: number[], training = false): number[][] =>
    tf.tidy(() => {
      const raw = tf.tensor2d(x);
      const batch = { ...emptyIds, size: codes.length, ids: Int32Array.from(codes) };
      const call = { ...tinyCall(raw, training), features: partTensors(batch as never, layout) };
      return (bank.apply(raw, call).arraySync() as number[][][])[0]!;
    });
  const write = (name: string, values: tf.TensorLike) =>
    tf.tidy(() => named(name).assign(tf.tensor(values, named(name).shape)));
  return { run, write, read: (name: string) => [...named(name).dataSync()], store };
}
const none = { float: new Float32Array(0), int: new Int32Array(0) };
const emptyIds = {
  numeric: none.float,
  bagIds: none.int,
  bagWeights: none.float,
  bagNumbers: none.float,
  quotientIds: none.int,
  bagQuotientIds: none.int,
};

const close = (got: number[][], expected: number[][], digits = 5) => {
  expect(got).toHaveLength(expected.length);
  expected.forEach((row, r) => row.forEach((value, c) => expect(got[r]![c]).toBeCloseTo(value, digits)));
};
const x = tinyRows(4);

describe('star', () => {
  it('has the weights W ⊙ W_p and biases b + b_p of the value of each row (STAR, section 3.4)', () => {
    const { run, write } = one(starExpert({ units: [2], activation: 'tanh' }));
    const [kernel, part, bias, partBias] = [tinyRows(3, 2, 'w'), tinyRows(3, 8, 'p'), [0.1, -0.2], tinyRows(1, 8, 'b')];
    write('kernel', kernel.flat());
    write('part', part.flat());
    write('bias', bias);
    write('partBias', partBias.flat());
    const codes = [2, 3, 2, 0];
    const expected = x.map((row, r) =>
      [0, 1].map((u) => {
        const at = 2 * codes[r]! + u;
        const sum = row.reduce((dot, value, i) => dot + value * kernel[i]![u]! * part[i]![at]!, 0);
        return Math.tanh(sum + bias[u]! + partBias[0]![at]!);
      }),
    );
    close(run(x, codes), expected);
  });

  it('uses the mean of the trained weights for a value that no training row had', () => {
    const { run, write } = one(starExpert({ units: [2], activation: 'linear' }));
    write('part', tinyRows(3, 8, 'p').flat());
    const [home, search] = [2, 3].map((code) =>
      run(
        x,
        x.map(() => code),
      ),
    );
    run(x, [2, 3, 2, 3], true);
    const mean = home!.map((row, r) => row.map((value, c) => (value + search![r]![c]!) / 2));
    for (const code of [0, 1])
      close(
        run(
          x,
          x.map(() => code),
        ),
        mean,
      );
    close(
      run(
        x,
        x.map(() => 2),
      ),
      home!,
    );
  });

  it('moves centers as AdaptDHM does, and takes the nearest', () => {
    const { run, write, read } = one(starExpert({ units: [1], clusters: 2, activation: 'linear' }));
    write('centers', [1, 0, 0, 0, 1, 0]);
    write('kernel', [1, 1, 1]);
    write('part', [1, 10, 1, 10, 1, 10]);
    write('bias', [0]);
    const rows = [
      [2, 0, 0],
      [0, 1, 1],
    ];
    close(run(rows, [2, 2]), [[2], [20]]);
    run(rows, [2, 2], true);
    let centers = [
      [1, 0, 0],
      [0, 1, 0],
    ];
    for (let i = 0; i < 3; i++) {
      const shares = rows.map((row) =>
        plain.softmax(centers.map((c) => c.reduce((dot, v, k) => dot + v * row[k]!, 0))),
      );
      centers = centers.map((c, j) => {
        const moved = c.map((v, k) => 0.9 * v + 0.1 * rows.reduce((sum, row, r) => sum + shares[r]![j]! * row[k]!, 0));
        return moved.map((v) => v / Math.hypot(...moved));
      });
    }
    close([read('centers')], [centers.flat()]);
  });
});

describe('perContext', () => {
  const linear = linearExpert({ units: 2 });
  /** The outputs of the expert of each value, by a pass in which all rows have that value. */
  const apart = (run: ReturnType<typeof one>['run']) =>
    [0, 1, 2, 3].map((code) =>
      run(
        x,
        x.map(() => code),
      ),
    );

  it('takes the expert of the value of each row, and the mean of the trained ones for another', () => {
    const { run } = one(perContext({ expert: linear }));
    const outputs = apart(run);
    const codes = [2, 3, 0, 1];
    close(
      run(x, codes),
      x.map((_, r) => outputs[codes[r]!]![r]!),
    );
    run(x, [2, 3, 2, 2], true);
    const mean = x.map((_, r) => [0, 1].map((c) => (outputs[2]![r]![c]! + outputs[3]![r]![c]!) / 2));
    close(run(x, [0, 1, 0, 0]), mean);
  });

  it('balances with the others: ω E_p + (1 − ω) mean (M3oE)', () => {
    const { run, write } = one(perContext({ expert: linear, others: 'balance' }));
    write('balance', [1000]);
    const outputs = apart(run);
    write('balance', [Math.log(3)]); // ω = ¾
    const others = (r: number, c: number) => [0, 1, 3].reduce((sum, p) => sum + outputs[p]![r]![c]! / 3, 0);
    const expected = x.map((_, r) => [0, 1].map((c) => 0.75 * outputs[2]![r]![c]! + 0.25 * others(r, c)));
    close(run(x, [2, 2, 2, 2]), expected);
  });

  it('attends to the others by the embedding of the value (HiNet)', () => {
    const { run, write } = one(perContext({ expert: linear, others: 'attention' }));
    const outputs = apart(run).map((rows) => rows.map((row) => row.slice(0, 2)));
    const [w, b] = [
      [0.3, -0.5, 9, 0.7],
      [0.1, 0.2, 9, -0.4],
    ]; // the score of the row's value is hidden
    write('attention.kernel', w);
    write('attention.bias', b);
    const expected = x.map((row, r) => {
      const scores = w.map((slope, p) => (p === 2 ? -Infinity : slope * row[0]! + b[p]!));
      const shares = plain.softmax(scores);
      return [0, 1].map((c) => shares.reduce((sum, share, p) => sum + share * outputs[p]![r]![c]!, 0));
    });
    close(
      run(x, [2, 2, 2, 2]).map((row) => row.slice(2)),
      expected,
    );
  });
});

describe('partitionedNorm', () => {
  it('has the moments, scale and shift of the rows of each value (STAR, section 3.3)', () => {
    const { run, write } = one(partitionedNorm());
    write('gamma', [2, 3, 4]);
    write('partGamma', [...new Array<number>(6).fill(1), 1, 2, 3, 5, 5, 5]);
    write('beta', [1, 1, 1]);
    write('partBeta', [...new Array<number>(6).fill(0), 7, 7, 7, 0, 0, 0]);
    const got = run(x, [2, 3, 2, 3], true);
    [0, 1, 2].forEach((c) => {
      const [mean, half] = [(x[0]![c]! + x[2]![c]!) / 2, (x[0]![c]! - x[2]![c]!) / 2];
      const z = (x[0]![c]! - mean) / Math.sqrt(half ** 2 + 1e-5);
      expect(got[0]![c]).toBeCloseTo([2, 3, 4][c]! * [1, 2, 3][c]! * z + 1 + 7, 4);
    });
  });

  it('predicts with running moments of all rows of a value, also of one row per batch', () => {
    const { run } = one(partitionedNorm());
    for (const row of x) run([row], [2], true);
    const follow = (before: number, now: number) => 0.9 * before + 0.1 * now;
    const momentsOf = (c: number) => {
      let [rows, total, squares] = [0, 0, 0];
      for (const row of x) {
        const center = rows > 0 ? total / rows : row[c]!; // the mean before the step
        [rows, total] = [follow(rows, 1), follow(total, row[c]!)];
        squares = follow(squares, (row[c]! - center) ** 2);
      }
      return { mean: total / rows, variance: squares / rows };
    };
    const expected = [x[0]!.map((value, c) => (value - momentsOf(c).mean) / Math.sqrt(momentsOf(c).variance + 1e-5))];
    close(run([x[0]!], [2]), expected, 4);
  });

  it('only scales and shifts without normalization (SAR-Net)', () => {
    const { run, write } = one(partitionedNorm({ normalize: false }));
    write('partGamma', [...new Array<number>(6).fill(1), 2, 2, 2, 1, 1, 1]);
    write('partBeta', [...new Array<number>(6).fill(0), 5, 6, 7, 0, 0, 0]);
    close(
      run(x, [2, 3, 2, 2]),
      x.map((row, r) => (r === 1 ? row : row.map((value, c) => 2 * value + 5 + c))),
    );
  });
});

describe('mixture', () => {
  it('is Σ softmax(x W + b)_k E_k(x)', () => {
    const { run, store } = one(mixture({ expert: linearExpert({ units: 2 }), count: 2 }));
    const of = (name: string) => store.get(`e.${name}`).variable.arraySync() as number[][][];
    const layer = (name: string) => plain.affine(x, of(`${name}.kernel`)[0]!, of(`${name}.bias`)[0]![0]!);
    const shares = layer('gate').map(plain.softmax);
    const [first, second] = [layer('0'), layer('1')];
    close(
      run(x, [2, 2, 2, 2]),
      x.map((_, r) => [0, 1].map((c) => shares[r]![0]! * first[r]![c]! + shares[r]![1]! * second[r]![c]!)),
    );
  });
});

it('a context with a value for each user is refused', () => {
  const features = { tab: { kind: 'hashed', buckets: 500 } } as const;
  const contexts = contextsOf({ features, context: ['tab'] }, layoutOf({ features }));
  const build = () =>
    createBank(new ParameterStore(7), {
      path: 'e',
      members: ['a'],
      experts: starExpert({ units: [2] }),
      inputDim: 3,
      contexts,
    });
  expect(build).toThrow('Expected a context of at most 200 values for e, which has parameters for each, received 502');
});
