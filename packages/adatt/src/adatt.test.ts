import { fusionWeights, SHARED, type MultiTaskModel, type PerTask } from '@polytask/core';
import { linearExpert, mlp } from '@polytask/experts';
import { constantGate, softmaxGate } from '@polytask/gating';
import { logitsOf, plain, read, tinyExamples, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { adatt, adattSp, type AdaTTOptions } from './adatt.ts';

const { fuse, gateOf, heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const tanh = (width: number) => mlp([width], { activation: 'tanh' });

interface Sizes {
  perTask: PerTask;
  shared: number;
}

/** Levels of tanh experts of width 4, all alike or each of its own size. */
const network = (sizes: readonly Sizes[], residual = true) =>
  adatt({ levels: sizes.map((size) => ({ experts: tanh(4), ...size })), residual });

/** Eq. 11 level by level, f_u = (pad(v_u) + g_u) E, with counts[level][unit] experts, the shared unit last. */
function equation11(
  model: MultiTaskModel,
  counts: readonly (readonly number[])[],
  residual: boolean,
): Record<string, number[]> {
  const tasks = model.taskNames.length;
  let vectors: Rows[] = counts[0]!.map(() => tinyRows(SIZE));
  counts.forEach((level, l) => {
    const owner = level.flatMap((count, u) => new Array<number>(count).fill(u)); // [expert] → unit
    const experts = owner.map((u, e) => tanhLayer(model, `levels.${l}.experts.0`, e, vectors[u]!));
    const units = l === counts.length - 1 ? tasks : level.length;
    const gates = residual ? `levels.${l}.gates.0` : `levels.${l}.gates`;
    const unit = level.every((count) => count === 1);
    vectors = Array.from({ length: units }, (_, u) => {
      const g = gateOf(model, gates, u, vectors[u]!);
      const v = owner.map((own, e) =>
        own !== u || !residual ? 0 : unit ? 1 : read<Rows[]>(model, `levels.${l}.gates.1.weights`)[u]![0]![e]!,
      );
      return fuse(
        g.map((row) => row.map((weight, e) => weight + v[e]!)),
        experts,
      );
    });
  });
  return heads(model, vectors);
}

const close = (got: Record<string, number[]>, expected: Record<string, number[]>) => {
  expect(Object.keys(got)).toEqual(Object.keys(expected));
  for (const [task, values] of Object.entries(expected))
    values.forEach((value, i) => expect(got[task]![i]).toBeCloseTo(value, 5));
};

describe('adatt', () => {
  it.each<[string, Sizes[], number[][], boolean]>([
    [
      'AdaTT',
      [
        { perTask: 2, shared: 1 },
        { perTask: 2, shared: 1 },
      ],
      [
        [2, 2, 2, 1],
        [2, 2, 2, 1],
      ],
      true,
    ],
    [
      'AdaTT-sp',
      [
        { perTask: 2, shared: 0 },
        { perTask: 2, shared: 0 },
      ],
      [
        [2, 2, 2],
        [2, 2, 2],
      ],
      true,
    ],
    [
      'one expert in each unit: v = 1',
      [
        { perTask: 1, shared: 1 },
        { perTask: 1, shared: 1 },
      ],
      [
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ],
      true,
    ],
    ['one expert a task, two shared: v learned', [{ perTask: 1, shared: 2 }], [[1, 1, 1, 2]], true],
    [
      'uneven, several shared',
      [
        { perTask: [1, 3, 2], shared: 2 },
        { perTask: [2, 1, 1], shared: 3 },
      ],
      [
        [1, 3, 2, 2],
        [2, 1, 1, 3],
      ],
      true,
    ],
    ['a task without experts', [{ perTask: { a: 0, b: 1, c: 2 }, shared: 1 }], [[0, 1, 2, 1]], true],
    [
      'three levels',
      [
        { perTask: 1, shared: 1 },
        { perTask: 2, shared: 1 },
        { perTask: 1, shared: 1 },
      ],
      [
        [1, 1, 1, 1],
        [2, 2, 2, 1],
        [1, 1, 1, 1],
      ],
      true,
    ],
    [
      'without the residual',
      [
        { perTask: 2, shared: 1 },
        { perTask: 1, shared: 1 },
      ],
      [
        [2, 2, 2, 1],
        [1, 1, 1, 1],
      ],
      false,
    ],
  ])('is eq. 11: %s', (_, sizes, counts, residual) => {
    const model = tinyModel(network(sizes, residual));
    close(logitsOf(model, SIZE), equation11(model, counts, residual));
  });

  it('takes counts by task name as a list of them', () => {
    const by = (perTask: PerTask) => tinyModel(adatt({ levels: [{ experts: tanh(4), perTask, shared: 1 }] }));
    expect(logitsOf(by({ c: 3, a: 1, b: 2 }), SIZE)).toEqual(logitsOf(by([1, 2, 3]), SIZE));
    expect(logitsOf(by([2, 2, 2]), SIZE)).toEqual(logitsOf(by(2), SIZE));
  });

  it('keeps the shared lane for as long as a later level has shared experts, and not at the end', () => {
    const outputs = (...shared: number[]) =>
      tinyModel(network(shared.map((count) => ({ perTask: 1, shared: count })))).network.levels.map((level) =>
        level.outputs.includes(SHARED),
      );
    expect(outputs(1)).toEqual([false]);
    expect(outputs(1, 1)).toEqual([true, false]);
    expect(outputs(1, 0)).toEqual([false, false]);
    expect(outputs(0, 1)).toEqual([true, false]);
    expect(outputs(1, 0, 1)).toEqual([true, true, false]);
  });

  it('has v = 1, learned by nobody, where every unit has one expert', () => {
    const model = tinyModel(network([{ perTask: 1, shared: 1 }]));
    expect(
      model.store
        .all()
        .map(({ name }) => name)
        .filter((name) => name.includes('gates')),
    ).toEqual(['levels.0.gates.0.kernel', 'levels.0.gates.0.bias']);
    const [level] = fusionWeights(model, tinyExamples(model, SIZE));
    expect(level!.constant).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ]);
  });

  it("starts v from U(±1/√m), m a unit's own experts", () => {
    const constants = Array.from({ length: 40 }, (_, seed) => {
      const model = tinyModel(network([{ perTask: 4, shared: 0 }]), { seed });
      return read<number[][][]>(model, 'levels.0.gates.1.weights').flat(2);
    }).flat();
    const largest = Math.max(...constants.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(0.5);
    expect(largest).toBeGreaterThan(0.49);
  });

  it('has no constant part without the residual', () => {
    const model = tinyModel(
      network(
        [
          { perTask: 2, shared: 1 },
          { perTask: 2, shared: 1 },
        ],
        false,
      ),
    );
    for (const level of fusionWeights(model, tinyExamples(model, SIZE))) {
      expect(level.constant.flat().every((weight) => weight === 0)).toBe(true);
      level.gated.forEach((row) => expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5));
    }
  });

  it('lets experts of several kinds take turns in each unit', () => {
    const experts = [tanh(4), linearExpert({ units: 4 })];
    const model = tinyModel(adatt({ levels: [{ experts, perTask: [2, 1, 3], shared: 1 }] }));
    const shapes = Object.fromEntries(model.store.all().map(({ name, variable }) => [name, variable.shape]));
    expect(shapes['levels.0.experts.0.0.kernel']![0]).toBe(5); // the first, and the third, of each unit
    expect(shapes['levels.0.experts.1.kernel']![0]).toBe(2); // the second of a and of c
  });

  it('takes another gate, which sees all unless it says otherwise', () => {
    const sees = (config: Parameters<typeof softmaxGate>[0]) => {
      const level = { experts: tanh(4), perTask: 1, shared: 1, gate: softmaxGate({ ...config, hidden: [5] }) };
      const model = tinyModel(adatt({ levels: [level], residual: false }));
      expect(model.store.has('levels.0.gates.hidden0.kernel')).toBe(true);
      return fusionWeights(model, tinyExamples(model, SIZE))[0]!.gated.map((row) => row.map((weight) => weight > 0));
    };
    expect(sees({}).flat().every(Boolean)).toBe(true);
    expect(sees({ sees: 'own' })).toEqual([
      [true, false, false, false],
      [false, true, false, false],
      [false, false, true, false],
    ]);
    const constant = tinyModel(adatt({ levels: [{ experts: tanh(4), gate: constantGate({ start: 'even' }) }] }));
    expect(
      fusionWeights(constant, tinyExamples(constant, SIZE))[0]!
        .gated.flat()
        .every((weight) => weight === 0),
    ).toBe(true);
  });
});

describe('adattSp', () => {
  it('is adatt with no shared experts, parameter for parameter', () => {
    const levels = [
      { experts: tanh(4), perTask: [2, 1, 3] },
      { experts: tanh(4), perTask: 2 },
    ];
    const sp = tinyModel(adattSp({ levels }));
    const general = tinyModel(adatt({ levels: levels.map((level) => ({ ...level, shared: 0 })) }));
    expect(sp.store.all().map(({ name, variable }) => [name, variable.shape, variable.arraySync()])).toEqual(
      general.store.all().map(({ name, variable }) => [name, variable.shape, variable.arraySync()]),
    );
    expect(logitsOf(sp, SIZE)).toEqual(logitsOf(general, SIZE));
  });

  it('refuses shared experts', () => {
    const levels = [{ experts: tanh(4), shared: 1 }];
    expect(() => adattSp({ levels })).toThrow('Expected an option of adattSp.levels[0], received "shared".');
  });
});

describe('what adatt refuses', () => {
  const level = { experts: tanh(4) };

  it.each<[unknown, string]>([
    [undefined, 'Expected a list of 1 or more for adatt.levels, received nothing.'],
    [null, 'Expected an object with the options of adatt, received null.'],
    [{ level: [level] }, 'Expected an option of adatt, received "level". Did you mean "levels"?'],
    [{}, 'Expected a list of 1 or more for adatt.levels, received nothing.'],
    [{ levels: [] }, 'Expected a list of 1 or more for adatt.levels, received [].'],
    [{ levels: [level], residul: false }, 'Did you mean "residual"?'],
    [{ levels: [level], residual: 0 }, 'Expected true or false for adatt.residual, received 0.'],
    [
      { levels: [{ expert: tanh(4) }] },
      'Expected an option of adatt.levels[0], received "expert". Did you mean "experts"?',
    ],
    [{ levels: [{ ...level, pertask: 2 }] }, 'Did you mean "perTask"?'],
    [{ levels: [{ perTask: 2 }] }, 'Expected an expert, or a list for adatt.levels[0].experts, received nothing.'],
    [{ levels: [{ experts: [] }] }, 'Expected a list of 1 or more for adatt.levels[0].experts, received [].'],
    [{ levels: [{ experts: mlp }] }, 'Call it: mlp(…)'],
    [
      { levels: [level, { ...level, shared: 1.5 }] },
      'Expected a whole number of 0 or more for adatt.levels[1].shared, received 1.5.',
    ],
    [{ levels: [{ ...level, shared: -1 }] }, 'for adatt.levels[0].shared, received -1.'],
    [
      { levels: [{ ...level, perTask: 0.5 }] },
      'Expected a whole number of 0 or more for adatt.levels[0].perTask, received 0.5.',
    ],
    [{ levels: [{ ...level, perTask: [1, 2.5, 1] }] }, 'for adatt.levels[0].perTask[1], received 2.5.'],
    [{ levels: [{ ...level, perTask: { a: 1, b: '2' } }] }, 'for adatt.levels[0].perTask.b, received "2".'],
    [{ levels: [{ ...level, gate: mlp([4]) }] }, 'Expected a gate for adatt.levels[0].gate, received {"kind":"expert"'],
  ])('%j', (config, message) => {
    expect(() => adatt(config as AdaTTOptions)).toThrow(message);
  });

  it.each<[PerTask, number, string]>([
    [[1, 2], 1, 'Expected perTask to have 3 numbers, one for each of a, b, c, received [1,2].'],
    [{ a: 1, b: 1, d: 1 }, 1, 'Expected an option of perTask, received "d". Did you mean "a"?'],
    [{ a: 1, b: 1 }, 1, 'Expected a whole number of 0 or more for perTask.c, received nothing.'],
    [0, 0, 'Expected at least one expert at levels.0, received none.'],
  ])('perTask %j with %i shared for tasks a, b, c', (perTask, shared, message) => {
    expect(() => tinyModel(adatt({ levels: [{ ...level, perTask, shared }] }))).toThrow(message);
  });

  it('more kinds of expert than a unit has experts, and experts of different widths', () => {
    expect(() => tinyModel(adatt({ levels: [{ experts: [tanh(4), tanh(4)] }] }))).toThrow(
      'Expected no more kinds of expert at levels.0 than a unit has experts, 1, received 2.',
    );
    expect(() => tinyModel(adatt({ levels: [{ experts: [tanh(4), tanh(5)], perTask: 2 }] }))).toThrow(
      'to give 4 numbers, received 5 from "mlp"',
    );
  });
});
