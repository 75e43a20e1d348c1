import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { residualMlp, type ResidualMlpOptions } from './residual-mlp.ts';

const { affine, each } = plain;

const inputs = [tinyRows(6, 3, 'a'), tinyRows(6, 3, 'b'), tinyRows(6, 3, 'c')];

describe('residualMlp', () => {
  it('adds each block to what it reads, in plain loops', () => {
    const bank = tinyBank(residualMlp({ units: 4, hidden: 5, blocks: 2, norm: 'none' }));
    const layer = (x: number[][], path: string, m: number) =>
      affine(
        x,
        (bank.read(`e.${path}.kernel`) as number[][][])[m]!,
        (bank.read(`e.${path}.bias`) as number[][][])[m]![0]!,
      );
    const expected = inputs.map((x, m) =>
      ['0', '1'].reduce(
        (h, block) => {
          const inner = each(layer(h, `${block}.inner`, m), (z) => Math.max(0, z));
          const added = layer(inner, `${block}.outer`, m);
          return h.map((row, r) => row.map((value, c) => value + added[r]![c]!));
        },
        layer(x, 'project', m),
      ),
    );
    expectClose(bank.run(inputs), expected);
  });

  it('passes its input on where the blocks give 0', () => {
    const bank = tinyBank(residualMlp({ units: 3, project: false }));
    for (const block of [0, 1]) {
      bank.write(`e.${block}.outer.kernel`, new Array(27).fill(0));
      bank.write(`e.${block}.outer.bias`, new Array(9).fill(0));
    }
    expectClose(bank.run(inputs), inputs);
  });

  it('normalizes what a block reads: by the batch in training', () => {
    const scaled = inputs.map((x) => each(x, (value) => 50 * value));
    const added = (norm: 'batch' | 'none') => {
      const run = (x: number[][][]) =>
        tinyBank(residualMlp({ units: 3, blocks: 1, project: false, norm })).run(x, { training: true });
      const [once, more] = [run(inputs), run(scaled)];
      const part = (out: number[][][], x: number[][][]) => out.flat(2).map((value, i) => value - x.flat(2)[i]!);
      const [a, b] = [part(once, inputs), part(more, scaled)];
      return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    };
    expect(added('batch')).toBeLessThan(1e-3); // the block doesn't feel the scale
    expect(added('none')).toBeGreaterThan(1);
  });

  it("says when it can't add to what it reads", () => {
    expect(() => tinyBank(residualMlp({ units: 4, project: false }))).toThrow(
      'Expected an input of 4 numbers for a residual-mlp without projection, received 3.',
    );
  });

  it.each<[unknown, string]>([
    [{ units: 0 }, 'for residual-mlp.units, received 0.'],
    [{ units: 4, blocks: 0 }, 'for residual-mlp.blocks, received 0.'],
    [{ units: 4, norm: 'bach' }, 'Did you mean "batch"?'],
    [{ units: 4, dropout: 1 }, 'Expected a number in [0, 1) for residual-mlp.dropout, received 1.'],
  ])('refuses %j', (config, message) => {
    expect(() => residualMlp(config as ResidualMlpOptions)).toThrow(message);
  });
});
