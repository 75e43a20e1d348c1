import { contentKey, differenceRows, summarize } from '@polytask/study';
import { deflateSync } from 'fflate';
import { trialOf, trialsOf } from '@polytask/study/testing';
import { expect, it } from 'vitest';
import { readShared, sharedText } from './shared-result.ts';

const trials = [
  ...trialsOf('single-task', { auc: [0.81234567, 0.8, 0.79], ne: [0.6, 0.61, 0.62] }),
  ...trialsOf('adatt', { auc: [0.83, 0.81 + 1 / 300, 0.82], ne: [0.5, 0.51, 0.52] }),
];
const asked = {
  models: ['single-task', 'adatt'],
  seeds: [1, 2, 3],
  baseline: 'single-task',
  order: ['single-task', 'adatt'],
};
const table = { baseline: asked.baseline, order: asked.order };
const result = { asked, trials, day: '2026-11-30' };

it('gives another page the same scores, intervals and verdicts', async () => {
  const read = await readShared(sharedText(result));
  expect([read.asked, read.day]).toEqual([asked, '2026-11-30']);
  const [here, there] = [trials, read.trials].map((each) => differenceRows(summarize(each, table)));
  expect(there!.map(({ verdict }) => verdict)).toEqual(here!.map(({ verdict }) => verdict));
  for (const [i, row] of here!.entries())
    for (const key of ['difference', 'low', 'high', 'pValue'] as const)
      expect(there![i]![key]).toBeCloseTo(row[key], 6);
  const means = [trials, read.trials].map((each) => summarize(each, table).models[1]!.metrics['click']!['auc']!);
  for (const key of ['mean', 'low', 'high'] as const) expect(means[1]![key]).toBeCloseTo(means[0]![key], 7);
});

it('has only letters that an address keeps as they are, and no name or value of a column', async () => {
  const file = { features: { salary: { kind: 'numeric' } } };
  const own = trialOf({ config: { ...trialOf().config, data: { set: 'people', file, content: 'abc' } } });
  const text = sharedText({ ...result, trials: [own] });
  expect(text).toMatch(/^[\w.-]+$/);
  expect(new URLSearchParams({ shared: text }).toString()).toBe(`shared=${text}`);
  const {
    trials: [read],
  } = await readShared(text);
  expect(read!.config.data).toEqual({ set: 'people', content: 'abc' });
});

it('keeps what is not a number, and whole numbers of any size', async () => {
  const own = trialOf({ metrics: { click: { auc: NaN, ne: 0.5 } }, parameters: 1_234_567_891 });
  const {
    trials: [read],
  } = await readShared(sharedText({ ...result, trials: [own] }));
  expect([read!.metrics['click'], read!.parameters]).toEqual([{ auc: NaN, ne: 0.5 }, 1_234_567_891]);
});

it('says that a text was cut, changed, or never was a result', async () => {
  const text = sharedText(result);
  const change = (at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  for (const damaged of [text.slice(0, -1), change(20), change(text.length - 5), `${text}A`])
    await expect(readShared(damaged)).rejects.toThrow('cut or changed on its way');
  await expect(readShared('2.abc')).rejects.toThrow('begins with "2.abc"');
  await expect(readShared('')).rejects.toThrow('Expected a shared result');
});

it('refuses what has a checksum and is no result, and what would unpack to more than a page can bear', async () => {
  const text = (content: Uint8Array) => {
    const payload = Buffer.from(deflateSync(content)).toString('base64url');
    return `1.${contentKey(payload).slice(0, 8)}.${payload}`;
  };
  for (const content of ['', '{}\n', '{"asked":{"models":1}}\n{}\n'])
    await expect(readShared(text(new TextEncoder().encode(content)))).rejects.toThrow(
      'Expected trials in the shared result',
    );
  await expect(readShared(text(new Uint8Array(20_000_000)))).rejects.toThrow('Expected trials in the shared result');
});

it('says so when an address has no room for all trials', () => {
  const many = Array.from({ length: 4000 }, (_, i) =>
    trialOf({
      seed: i,
      metrics: { click: { auc: Math.sin(i), ne: Math.cos(i) }, like: { auc: Math.sin(2 * i), ne: 0.5 } },
    }),
  );
  expect(() => sharedText({ ...result, trials: many })).toThrow('Download results.jsonl or the report');
});
