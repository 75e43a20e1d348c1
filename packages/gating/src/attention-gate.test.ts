import { expectClose, plain, tinyLevel } from '@polytask/testing';
import { TINY_SEES } from '@polytask/testing/internal';
import { describe, expect, it } from 'vitest';
import { attentionGate, type AttentionGateOptions } from './attention-gate.ts';

const { affine, expertOutputs, fuse, softmax } = plain;

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('attentionGate', () => {
  it.each(['unit', 'raw', 'learned', 'expert'] as const)(
    'is a softmax of queries times keys over √units, in plain loops: %s',
    (query) => {
      const level = tinyLevel(attentionGate({ query, units: 3, sees: 'own+shared' }));
      const outputs = expertOutputs(level); // [expert][row][4]
      const of = (name: string) => level.read(`l.gates.${name}`) as number[][][];
      const expected = level.level.outputs.map((unit, u) => {
        const keys = outputs.map((rows) => affine(rows, of('key')[u]!, [0, 0, 0]));
        const queryOf = (row: number, e: number): number[] => {
          if (query === 'learned') return of('query')[u]![0]!;
          if (query === 'expert') return affine([outputs[e]![row]!], of('query')[u]!, [0, 0, 0])[0]!;
          const x = query === 'raw' ? level.raw : level.vectors[unit]!;
          return affine([x[row]!], of('query.kernel')[u]!, of('query.bias')[u]![0]!)[0]!;
        };
        return level.raw.map((_, row) =>
          softmax(
            keys.map((rows, e) =>
              TINY_SEES['own+shared'][u]![e] ? dot(queryOf(row, e), rows[row]!) / Math.sqrt(3) : -Infinity,
            ),
          ),
        );
      });
      expectClose(level.weights().gated, expected);
      const next = level.apply();
      level.level.outputs.forEach((unit, u) => expectClose(next[unit], fuse(expected[u]!, outputs)));
    },
  );

  it("shows a row's weights as the row's, also where the query is the same for all", () => {
    const { gated, constant } = tinyLevel(attentionGate({ query: 'learned' })).weights();
    expect(constant).toBeUndefined();
    expect(gated![0]![0]).not.toEqual(gated![0]![1]);
  });

  it.each<[unknown, string]>([
    [{ query: 'learnt' }, 'Did you mean "learned"?'],
    [{ units: 0 }, 'for attention.units, received 0.'],
  ])('refuses %j', (config, message) => {
    expect(() => attentionGate(config as AttentionGateOptions)).toThrow(message);
  });
});
