import { afterEach, expect, it, vi } from 'vitest';
import { fetchResults } from './fetch-results.ts';

const PAGE = 'https://site.test/playground/index.html#results=x';

afterEach(() => vi.unstubAllGlobals());

it('fetches a file relative to the page', async () => {
  const fetch = vi.fn(() => Promise.resolve(new Response('{}\n')));
  vi.stubGlobal('fetch', fetch);
  const file = await fetchResults('../docs/results/heat-map/results.jsonl', PAGE);
  expect(fetch).toHaveBeenCalledWith(new URL('https://site.test/docs/results/heat-map/results.jsonl'));
  expect([file.name, await file.text()]).toEqual(['results.jsonl', '{}\n']);
});

it('asks no other site, and says when there is no file', async () => {
  const fetch = vi.fn(() => Promise.resolve(new Response('', { status: 404 })));
  vi.stubGlobal('fetch', fetch);
  await expect(fetchResults('https://other.test/results.jsonl', PAGE)).rejects.toThrow('a file of https://site.test');
  expect(fetch).not.toHaveBeenCalled();
  await expect(fetchResults('results.jsonl', PAGE)).rejects.toThrow('received the status 404');
});
