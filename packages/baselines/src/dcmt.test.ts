import { mlp } from '@polytask/experts';
import { auxiliaryOf, expectClose, gradientsOf, logitsOf, plain, tinyModel } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { dcmt, type DcmtOptions } from './counterfactual.ts';
import { esmm } from './funnel.ts';
import { funnelRows, logLossOf, type FunnelRow } from './testing/oracle.ts';

const levels = [{ experts: mlp([4], { activation: 'tanh' }) }];
const funnel = ['b', 'a', 'c'];
const model = (more: Partial<DcmtOptions> = {}) => tinyModel(dcmt({ levels, funnel, ...more }));
const sum = (rows: readonly FunnelRow[], of: (row: FunnelRow) => number) =>
  rows.reduce((total, row) => total + of(row), 0);

describe('dcmt', () => {
  it('predicts as ESMM does, from the same start', () => {
    expectClose(logitsOf(model(), 6), logitsOf(tinyModel(esmm({ levels, funnel })), 6));
  });

  it.each([15, 1.5])(
    'adds the self-normalized losses of both spaces and the constraint, with inverses of at most %d',
    (clip) => {
      const tiny = model({ counterfactual: 0.7, constraint: 0.2, clip });
      const loss = (rows: readonly FunnelRow[]) => {
        const twin = ({ auxiliary }: FunnelRow) => plain.sigmoid(auxiliary);
        const [o, n] = [
          ({ reached, propensity }: FunnelRow) => reached * Math.min(1 / propensity, clip),
          ({ reached, propensity }: FunnelRow) => (1 - reached) * Math.min(1 / (1 - propensity), clip),
        ];
        return (
          sum(rows, (row) => o(row) * logLossOf(row.chance, row.label)) / sum(rows, o) +
          sum(rows, (row) => n(row) * logLossOf(twin(row), 1 - row.label)) / sum(rows, n) +
          (0.2 * sum(rows, (row) => Math.abs(1 - row.chance - twin(row)))) / rows.length
        );
      };
      const [first, second] = funnelRows(tiny, funnel).map(loss);
      expect(auxiliaryOf(tiny)).toEqual({ counterfactual: expect.closeTo(0.7 * (first! + second!), 5) as number });
    },
  );

  it('trains the twin by the rows that did not reach the previous step, and through the same vector', () => {
    const head = (gradients: Record<string, number[]>, index: number) =>
      gradients['heads.kernel']!.slice(4 * index, 4 * index + 4).some((value) => Math.abs(value) > 1e-6);
    const gradients = gradientsOf(model({ funnel: ['b', 'a'], constraint: 0 }));
    expect([0, 1, 2, 3].map((index) => head(gradients, index))).toEqual([true, true, true, true]);
    expect(head(gradientsOf(model({ funnel: ['b', 'a'] }), 16, 'a'), 3)).toBe(false);
  });

  it('refuses a funnel of other tasks, and an unknown option', () => {
    expect(() => model({ funnel: ['a', 'x'] })).toThrow('Expected dcmt.funnel to name tasks of the model');
    expect(() => model({ constrain: 1 } as object)).toThrow('Did you mean "constraint"?');
  });
});
