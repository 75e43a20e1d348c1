import { expectClose, plain, tinyLevel, type TinyLevel } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { expertChoiceGate, type ExpertChoiceGateOptions } from './expert-choice-gate.ts';

const { affine, softmax } = plain;

/** The softmax of the scores over all experts, [unit][row][expert]. */
const sharesOf = ({ level, vectors, read }: TinyLevel) =>
  level.outputs.map((unit, u) => affine(vectors[unit]!, (read('l.gates.kernel') as number[][][])[u]!).map(softmax));

/** The number at a rank of a column, from the largest down. */
const atRank = (rows: number[][], column: number, rank: number) =>
  rows.map((row) => row[column]!).toSorted((a, b) => b - a)[rank - 1]!;

describe('expertChoiceGate', () => {
  it.each([
    [2, 3], // 6 rows × 2 / 4 experts
    [1, 2],
    [0.1, 1],
    [4, 6],
    [9, 6],
  ])('takes n c / e rows for each expert in training, in plain loops: c = %d', (capacity, rank) => {
    const level = tinyLevel(expertChoiceGate({ capacity }));
    const expected = sharesOf(level).map((rows) =>
      rows.map((row) => row.map((share, e) => (share >= atRank(rows, e, rank) ? share : 0))),
    );
    const { gated } = level.weights({ training: true });
    expectClose(gated, expected);
    for (const rows of gated!) for (let e = 0; e < 4; e++) expect(rows.filter((row) => row[e]! > 0).length).toBe(rank);
  });

  it('counts the experts that a unit sees: each of few takes more rows', () => {
    const { gated } = tinyLevel(expertChoiceGate({ capacity: 1, sees: 'own' })).weights({ training: true });
    const rowsOf = (u: number) => [0, 1, 2, 3].map((e) => gated![u]!.filter((row) => row[e]! > 0).length);
    expect([0, 1, 2].map(rowsOf)).toEqual([
      [3, 3, 0, 0],
      [0, 0, 6, 0],
      [0, 0, 0, 6],
    ]);
  });

  it('predicts by thresholds, so that a row depends on itself alone', () => {
    const build = (rows: number) => tinyLevel(expertChoiceGate({ capacity: 1, momentum: 0.5 }), { rows });
    const level = build(6);
    expectClose(level.weights().gated, sharesOf(level)); // before training: all rows
    for (let step = 0; step < 3; step++) level.weights({ training: true });
    const thresholds = sharesOf(level).map((rows) => [0, 1, 2, 3].map((e) => atRank(rows, e, 2)));
    expectClose(
      level.read('l.gates.thresholds'),
      thresholds.map((row) => [row.map((value) => value * (1 - 0.5 ** 3))]),
    );
    const inUse = level.weights().gated!;
    for (const rows of [1, 4]) {
      const other = build(rows); // the first rows of the same table
      for (const name of ['thresholds', 'mass', 'kernel'])
        other.write(`l.gates.${name}`, level.read(`l.gates.${name}`) as number[]);
      expectClose(
        other.weights().gated,
        inUse.map((unit) => unit.slice(0, rows)),
      );
    }
    const kept = level.read('l.gates.thresholds');
    level.weights();
    expect(level.read('l.gates.thresholds')).toEqual(kept); // prediction learns nothing
  });

  it.each<[unknown, string]>([
    [{ capacity: 0 }, 'Expected a number above 0 for expert-choice.capacity, received 0.'],
    [{ momentum: 1 }, 'Expected a number in [0, 1) for expert-choice.momentum, received 1.'],
    [{ reads: 'nothing' }, 'for expert-choice.reads'],
    [{ capcity: 1 }, 'Did you mean "capacity"?'],
  ])('refuses %j', (config, message) => {
    expect(() => expertChoiceGate(config as ExpertChoiceGateOptions)).toThrow(message);
  });
});
