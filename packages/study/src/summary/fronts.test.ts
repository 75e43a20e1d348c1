import { describe, expect, it } from 'vitest';
import { renderText } from '../report/terminal.ts';
import { renderHtml } from '../report/html.ts';
import { tradeOffsDocument } from '../report/trade-offs-document.ts';
import { type MeasuredRun, tradeOffPoints } from './fronts.ts';

const NOISE = [0.002, -0.001, 0.001, -0.002, 0.0005];
/** The runs of a point at a place, with noise that its seeds share. */
const runsAt = (weight: number, a: number, b: number, isConditioned = false): MeasuredRun[] =>
  NOISE.map((noise, i) => ({
    ...{ model: 'mmoe', weight, isConditioned, seed: i + 1 },
    scores: { a: a + noise + 1e-4 * ((i * weight * 10) % 3), b: b + 3 * noise - 2e-4 * ((i * weight * 10) % 3) },
  }));

describe('tradeOffPoints', () => {
  const runs = [runsAt(0.1, 0.7, 0.9), runsAt(0.5, 0.8, 0.85), runsAt(0.7, 0.75, 0.84), runsAt(0.9, 0.9, 0.7)];

  it('knows the front of the means, and what is dominated beyond chance', () => {
    const front = tradeOffPoints(runs.flat(), 'a', 'auc');
    expect(front.map(({ isOnFront }) => isOnFront)).toEqual([true, true, false, true]);
    expect(front.map(({ isDominated }) => isDominated)).toEqual([false, false, true, false]);
    expect(front[1]!.score.mean).toBeCloseTo(0.8001 + (1e-4 * (0 + 2 + 1 + 0 + 2)) / 5, 12);
  });

  it('turns around for errors, of which less is better', () => {
    const front = tradeOffPoints(runs.flat(), 'a', 'normalizedLoss');
    expect(front.map(({ isDominated }) => isDominated)).toEqual([false, true, false, false]);
  });

  it('does not call a point dominated that is worse by chance, or in one of the two', () => {
    const noisy = runsAt(0.7, 0.79, 0.84).map((run, i) => ({
      ...run,
      scores: { a: [0.9, 0.7, 0.95, 0.75, 0.65][i]!, b: 0.84 + NOISE[i]! },
    }));
    const front = tradeOffPoints([...runs[1]!, ...noisy], 'a', 'auc');
    expect(front[1]).toMatchObject({ isOnFront: false, isDominated: false });
    const one = tradeOffPoints([...runsAt(0.5, 0.8, 0.85), ...runsAt(0.7, 0.7, 0.86)], 'a', 'auc');
    expect(one.map(({ isOnFront, isDominated }) => isOnFront && !isDominated)).toEqual([true, true]);
  });

  it('takes the mean of the other tasks, and pairs by seed', () => {
    const three = (seed: number, a: number): MeasuredRun => ({ ...runs[0]![0]!, seed, scores: { a, b: a, c: 0.9 } });
    const [point] = tradeOffPoints([three(3, 0.6), three(9, 0.6)], 'a', 'auc');
    expect(point!.others.mean).toBeCloseTo(0.75, 12);
    const isDominated = (seeds: readonly number[], others: readonly number[]) => {
      const better = others.map((seed) => ({ ...three(seed, 0.7 + seed / 1e4), weight: 0.9 }));
      return tradeOffPoints([...seeds.map((seed) => three(seed, 0.6)), ...better], 'a', 'auc')[0]!.isDominated;
    };
    const five = [1, 2, 3, 4, 5];
    expect(isDominated(five, five)).toBe(true);
    expect(isDominated([6, 7, 8, 9, 10], five)).toBe(false); // no seed has both
    expect(isDominated([1, 2, 3, 4], [1, 2, 3, 4])).toBe(false); // too few seeds
  });
});

describe('tradeOffsDocument', () => {
  const runs = [runsAt(0.1, 0.7, 0.9), runsAt(0.9, 0.9, 0.7), runsAt(0.1, 0.6, 0.8, true), runsAt(0.9, 0.8, 0.6, true)];
  const points = tradeOffPoints(runs.flat(), 'a', 'auc');
  const document = tradeOffsDocument({ task: 'a', others: ['b'], measure: 'auc', seeds: 5, points });

  it('says whether there is a trade-off, and what is dominated', () => {
    const text = renderText(document);
    expect(text).toMatch(/^Trade-offs between a and b\n/);
    expect(text.replace(/\s+/g, ' ')).toContain(
      'mmoe: a trade-off. From weight 0.1 to 0.9 of a, AUC of a changes by +0.1999 ±0.0001, and that of b by -0.1998 ±0.0002. ' +
        'Significantly dominated: 0 of 2 points. mmoe, one model: a trade-off.',
    );
    expect(text).toMatch(/^mmoe, one model +0\.1 +0\.6\d+ ±.* dominated$/m);
  });

  it('draws dominated points hollow, and all within the picture', () => {
    const html = renderHtml(document);
    expect(html.match(/<circle[^>]*fill="var\(--paper\)"/g)).toHaveLength(2);
    expect(html.match(/<circle[^>]*fill="currentColor"/g)).toHaveLength(2);
    for (const [, cx, cy] of html.matchAll(/<circle cx="([^"]+)" cy="([^"]+)"/g)) {
      expect(Number(cx) > 0 && Number(cx) < 560 && Number(cy) > 0 && Number(cy) < 400).toBe(true);
    }
  });
});
