import { afterEach, expect, it, vi } from 'vitest';
import { fetchResults } from './result-sets.ts';

const PAGE = 'https://site.test/playground/index.html#results=x';

afterEach(() => vi.unstubAllGlobals());

it('fetches a file relative to the page', async () => {
  const fetch = vi.fn(() => Promise.resolve(new Response('{}\n')));
  vi.stubGlobal('fetch', fetch);
  const file = await fetchResults('../docs/results/heat-map/results.jsonl', PAGE);
  expect(fetch).toHaveBeenCalledWith(new URL('https://site.test/docs/results/heat-map/results.jsonl'));
  expect([file.name, await file.text()]).toEqual(['results.jsonl', '{}\n']);
});

it.each([
  [{}, 'results.jsonl.gz'],
  [{ 'content-encoding': 'gzip' }, 'results.jsonl'], // as of a server that sends compressed files so
])('with the headers %o a compressed file is named %s', async (headers, name) => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { headers })));
  expect((await fetchResults('results.jsonl.gz', PAGE)).name).toBe(name);
});

it('asks no other site, and says when there is no file', async () => {
  const fetch = vi.fn(() => Promise.resolve(new Response('', { status: 404 })));
  vi.stubGlobal('fetch', fetch);
  await expect(fetchResults('https://other.test/results.jsonl', PAGE)).rejects.toThrow('a file of https://site.test');
  expect(fetch).not.toHaveBeenCalled();
  await expect(fetchResults('results.jsonl', PAGE)).rejects.toThrow('received the status 404');
});
