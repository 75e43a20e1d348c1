import { expect, test } from 'vitest';
import { modelLines, modelPoints, SERIES } from './theme.ts';

test.each([
  ['lines', modelLines, 'strokeDash'],
  ['points', modelPoints, 'shape'],
] as const)('no two models are the same %s, however many there are', (_, encode, second) => {
  const names = Array.from({ length: 3 * SERIES.length }, (__, i) => `model ${i}`);
  const channels = encode(names) as Record<string, { scale: { range: unknown[] } }>;
  const [colors, others] = [channels['color']!.scale.range, channels[second]!.scale.range];
  const looks = names.map((___, i) => JSON.stringify([colors[i % colors.length], others[i % others.length]]));
  expect(new Set(looks).size).toBe(names.length);
});
