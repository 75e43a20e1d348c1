import { expect, it } from 'vitest';
import { drawNetwork } from './network.ts';

const level = (gated: number[], constant: number[]) => ({
  ...{ outputs: ['click', 'like'], experts: ['click.0', 'like.0'] },
  ...{ gated: [gated.slice(0, 2), gated.slice(2)], constant: [constant.slice(0, 2), constant.slice(2)] },
});

it('an edge is as wide as its weight, and dashed below 0', () => {
  const drawn = drawNetwork('x', [level([0.5, 0, 0, 0.2], [0.25, 0, 0, -1.2])], ['click', 'like']);
  const takes = [...drawn.matchAll(/class="takes".*?stroke="(.*?)" stroke-width="(.*?)"( stroke-dasharray)?/g)];
  expect(takes.map(([, color, width, dashes]) => [color, width, dashes !== undefined])).toEqual([
    ['#3b82c4', '6.8', false], // 9 × 0.75; a weight of 0 is no edge
    ['#d9730d', '9.0', true],
  ]);
});

it('has input, experts, gates and towers of each level', () => {
  const drawn = drawNetwork(
    'x',
    [level([1, 0, 0, 1], [0, 0, 0, 0]), level([1, 0, 0, 1], [0, 0, 0, 0])],
    ['click', 'like'],
  );
  const heads = [...drawn.matchAll(/y="22" text-anchor="middle">(.*?)</g)].map(([, text]) => text);
  expect(heads).toEqual(['input', 'experts', 'gates', 'experts', 'gates', 'towers']);
  expect(drawn.match(/class="tower"/g)).toHaveLength(2);
});

it('a model without levels is the input and its towers', () => {
  const drawn = drawNetwork('x', [], ['click', 'like']);
  expect(drawn).not.toContain('class="takes"');
  expect(drawn.match(/class="tower"/g)).toHaveLength(2);
});
