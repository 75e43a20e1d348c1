import { expect, test } from 'vitest';
import { PolytaskError } from '@polytask/components';
import { contentDigest, readSealed, writeSealed, sha256Of } from './seal.ts';

const [what, fix] = ['a trial as JSON in results.jsonl:1', 'Remove the line.'];
const document = { seed: 7, metrics: { click: { auc: 0.81 } }, note: `${'0'.repeat(64)} µ` };

test('a document comes back without its digest, whatever it contains', async () => {
  expect(await readSealed(await writeSealed(document), what, fix)).toEqual(document);
  const bytes = new TextEncoder().encode(`${await writeSealed(document, 2)}\n`);
  expect(await readSealed(bytes, what, fix)).toEqual(document);
});

test('the digest is that of the text with zeros in its place', async () => {
  const text = await writeSealed({ a: 1 });
  const { sha256: digest } = JSON.parse(text) as { sha256: string };
  expect(digest).toBe(await sha256Of([new TextEncoder().encode(text.replace(digest, '0'.repeat(64)))]));
});

test('every changed character is noticed, or leaves an unknown key', async () => {
  const text = await writeSealed(document);
  for (let at = 0; at < text.length; at++) {
    const changed = text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1);
    const outcome = await readSealed(changed, what, fix).catch((error: unknown) => error);
    if (!(outcome instanceof PolytaskError)) expect(Object.keys(outcome as object)).toHaveLength(4);
  }
  await expect(readSealed(text.replace('0.81', '0.82'), what, fix)).rejects.toThrow(
    `Expected ${what}, received one that was changed after it was written: its sha256 differs from the one that it states. ${fix}`,
  );
});

test('a document of an earlier version has no digest; a list is no document', async () => {
  expect(await readSealed('{"a": 1}', what, fix)).toEqual({ a: 1 });
  await expect(readSealed('[1]', what, fix)).rejects.toThrow('received no object');
  await expect(readSealed('{"sha256": 7}', what, fix)).rejects.toThrow('was changed');
});

test('the digest of data is that of its JSON with sorted keys', async () => {
  expect(await contentDigest({ b: [2, { d: 1, c: 2 }], a: 1 })).toBe(
    await sha256Of([new TextEncoder().encode('{"a":1,"b":[2,{"c":2,"d":1}]}')]),
  );
});
