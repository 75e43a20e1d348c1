import { fusionWeights, type GateSpec, type MultiTaskModel, type PerTask } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { constantGate, softmaxGate } from '@polytask/gating';
import { gradientsOf, logitsOf, plain, tinyExamples, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { cgc, ple, type PleOptions } from './ple.ts';

const { fuse, gateOf, heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const tanh = (width: number) => mlp([width], { activation: 'tanh' });

/** Section 4 of the paper level by level, with counts[level][unit] experts, the shared unit last. */
function section4(model: MultiTaskModel, counts: readonly (readonly number[])[]): Record<string, number[]> {
  const tasks = model.taskNames.length;
  let vectors: Rows[] = counts[0]!.map(() => tinyRows(SIZE));
  counts.forEach((level, l) => {
    const owner = level.flatMap((count, u) => new Array<number>(count).fill(u)); // [expert] → unit
    const experts = owner.map((u, e) => tanhLayer(model, `levels.${l}.experts.0`, e, vectors[u]!));
    const units = model.network.levels[l]!.outputs.length;
    vectors = Array.from({ length: units }, (_, u) => {
      const sees = (e: number) => u === tasks || owner[e] === u || owner[e] === tasks;
      return fuse(gateOf(model, `levels.${l}.gates`, u, vectors[u]!, sees), experts);
    });
  });
  return heads(model, vectors);
}

const network = (sizes: readonly { perTask: PerTask; shared: number }[]) =>
  ple({ levels: sizes.map((size) => ({ experts: tanh(4), ...size })) });

const agree = (model: MultiTaskModel, counts: number[][]) => {
  const expected = section4(model, counts);
  for (const [task, values] of Object.entries(logitsOf(model, SIZE))) {
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[task]![i]!, 5));
  }
};

describe('ple', () => {
  it.each<[string, { perTask: PerTask; shared: number }[], number[][]]>([
    ['one level: CGC', [{ perTask: 2, shared: 1 }], [[2, 2, 2, 1]]],
    [
      'two levels',
      [
        { perTask: 2, shared: 1 },
        { perTask: 2, shared: 1 },
      ],
      [
        [2, 2, 2, 1],
        [2, 2, 2, 1],
      ],
    ],
    [
      'three levels',
      [
        { perTask: 1, shared: 1 },
        { perTask: 2, shared: 2 },
        { perTask: 1, shared: 1 },
      ],
      [
        [1, 1, 1, 1],
        [2, 2, 2, 2],
        [1, 1, 1, 1],
      ],
    ],
    [
      'uneven',
      [
        { perTask: [1, 3, 2], shared: 2 },
        { perTask: { a: 2, b: 1, c: 1 }, shared: 1 },
      ],
      [
        [1, 3, 2, 2],
        [2, 1, 1, 1],
      ],
    ],
    [
      'no shared experts: each task alone',
      [
        { perTask: 2, shared: 0 },
        { perTask: 2, shared: 0 },
      ],
      [
        [2, 2, 2],
        [2, 2, 2],
      ],
    ],
    ['no task experts: gates over the shared ones', [{ perTask: 0, shared: 3 }], [[0, 0, 0, 3]]],
    [
      'shared experts at the first level alone',
      [
        { perTask: 1, shared: 2 },
        { perTask: 1, shared: 0 },
      ],
      [
        [1, 1, 1, 2],
        [1, 1, 1],
      ],
    ],
    [
      'shared experts at the last level alone',
      [
        { perTask: 1, shared: 0 },
        { perTask: 1, shared: 2 },
      ],
      [
        [1, 1, 1, 0],
        [1, 1, 1, 2],
      ],
    ],
  ])('is section 4 of the paper: %s', (_, sizes, counts) => agree(tinyModel(network(sizes)), counts));

  it("has one expert a task and a shared one when it isn't told", () => {
    agree(tinyModel(ple({ levels: [{ experts: tanh(4) }, { experts: tanh(4) }] })), [
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ]);
  });

  it('gives exactly 0 to the experts of other tasks; the shared unit takes from all', () => {
    const model = tinyModel(
      network([
        { perTask: 1, shared: 1 },
        { perTask: 1, shared: 1 },
      ]),
    );
    const [first, last] = fusionWeights(model, tinyExamples(model, SIZE));
    expect(first!.gated.map((row) => row.map((weight) => weight > 0))).toEqual([
      [true, false, false, true],
      [false, true, false, true],
      [false, false, true, true],
      [true, true, true, true],
    ]);
    expect(first!.gated[0]![1]).toBe(0);
    expect(last!.outputs).toEqual(['a', 'b', 'c']);
    [...first!.gated, ...last!.gated].forEach((row) =>
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5),
    );
    expect(first!.constant.flat().every((weight) => weight === 0)).toBe(true);
  });

  it("trains a task's experts by its own loss alone, the shared ones by all", () => {
    const model = tinyModel(network([{ perTask: 1, shared: 1 }]));
    const gradient = gradientsOf(model, 16, 'b')['levels.0.experts.0.kernel']!;
    const touched = [0, 1, 2, 3].map((e) => gradient.slice(e * 12, (e + 1) * 12).some((value) => value !== 0));
    expect(touched).toEqual([false, true, false, true]);
  });

  it('without shared experts lets no task influence another', () => {
    const model = tinyModel(
      network([
        { perTask: 2, shared: 0 },
        { perTask: 1, shared: 0 },
      ]),
    );
    for (const [name, gradient] of Object.entries(gradientsOf(model, 16, 'a'))) {
      const own = gradient.slice(gradient.length / 3); // the first third is task a's
      expect(
        own.every((value) => value === 0),
        name,
      ).toBe(true);
    }
  });

  it("takes another gate, which sees a task's own and the shared experts unless it says otherwise", () => {
    const visibilityOf = (gate: GateSpec) => {
      const model = tinyModel(ple({ levels: [{ experts: tanh(4), gate }] }));
      const [level] = fusionWeights(model, tinyExamples(model, SIZE));
      return level!.gated.map((row, u) => row.map((weight, e) => weight + level!.constant[u]![e]! !== 0));
    };
    const ownAndShared = [
      [true, false, false, true],
      [false, true, false, true],
      [false, false, true, true],
    ];
    expect(visibilityOf(softmaxGate({ temperature: 3, hidden: [4] }))).toEqual(ownAndShared);
    expect(visibilityOf(constantGate({ start: 'even' }))).toEqual(ownAndShared);
    expect(
      visibilityOf(softmaxGate({ sees: 'all' }))
        .flat()
        .every(Boolean),
    ).toBe(true);
  });

  it('says which task has no expert to take from', () => {
    expect(() => tinyModel(network([{ perTask: [1, 0, 1], shared: 0 }]))).toThrow(
      'to see an expert, received none for "b"',
    );
  });

  it.each<[unknown, string]>([
    [{ levels: [] }, 'Expected a list of 1 or more for ple.levels, received [].'],
    [
      { levels: [{ experts: tanh(4), share: 1 }] },
      'Expected an option of ple.levels[0], received "share". Did you mean "shared"?',
    ],
    [{ levels: [{ experts: tanh(4), shared: 0.5 }] }, 'for ple.levels[0].shared, received 0.5.'],
    [{ levels: [{ experts: tanh(4), perTask: [1, -1] }] }, 'for ple.levels[0].perTask[1], received -1.'],
  ])('refuses %j', (config, message) => {
    expect(() => ple(config as PleOptions)).toThrow(message);
  });
});

describe('cgc', () => {
  it('is PLE with one level', () => {
    const level = { experts: tanh(4), perTask: 2, shared: 2 };
    expect(cgc(level)).toEqual(ple({ levels: [level] }));
  });

  it('refuses levels', () => {
    expect(() => cgc({ levels: [] } as unknown as Parameters<typeof cgc>[0])).toThrow(
      'Expected an option of ple.levels[0], received "levels".',
    );
  });
});
