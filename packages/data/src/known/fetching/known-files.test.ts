import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchCensusIncome } from '../census/census-income.ts';
import { madeUpCensus } from '../census/census.fixture.ts';
import { checkedBytes, fetchFiles, unpackArchive, type DownloadProgress } from './known-files.ts';

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const bytesOf = (text: string) => new TextEncoder().encode(text);
const [data, test] = [bytesOf(madeUpCensus(50, 1)), bytesOf(madeUpCensus(20, 2))];
const wanted = [
  { name: 'census-income.data', sha256: sha256Of(data) },
  { name: 'census-income.test', sha256: sha256Of(test) },
];
const byHand = 'Ask a friend.';

const tar = createTar([
  { name: 'census/', attrs: {} },
  { name: 'census/census-income.data', data },
  { name: 'census/census-income.test', data: test },
]);
/** What the server has, by path. */
const served: Record<string, Uint8Array> = {
  '/flat.zip': zipSync({ 'census-income.data': data, 'census-income.test': test }),
  '/nested.zip': zipSync({
    'notes.txt': bytesOf('hello'),
    'a/census-income.data.gz': gzipSync(data),
    'a/b.test.gz': gzipSync(test),
  }),
  '/tar-in.zip': zipSync({ 'census.tar.gz': gzipSync(tar) }),
  '/census.tgz': gzipSync(tar),
  '/mixed/census-income.data.gz': gzipSync(data),
  '/mixed/census-income.test.br': brotliCompressSync(test),
  '/plain/census-income.data': data,
  '/plain/census-income.test': test,
  '/half/census-income.data': data,
  '/wrong.zip': zipSync({ 'census-income.data': bytesOf('a,b'), 'census-income.test': test }),
  '/cut.zip': zipSync({ 'census-income.data': data }).subarray(0, 300),
};

let server: Server;
let origin: string;
let directory: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const bytes = served[request.url!];
    if (request.url === '/busy.zip') response.writeHead(503).end();
    else if (request.url === '/dropped.zip') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('PK', () => response.destroy());
    } else if (bytes) response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'polytask-fetch-'))));
afterEach(() => rmSync(directory, { recursive: true }));

describe('fetchFiles', () => {
  it.each(['/flat.zip', '/nested.zip', '/tar-in.zip', '/census.tgz', '/mixed/', '/plain/'])(
    'finds the files in %s',
    async (path) => {
      const target = join(directory, 'new', 'census');
      const progress: DownloadProgress[] = [];
      const { downloaded, files } = await fetchFiles(target, wanted, {
        url: origin + path,
        byHand,
        onProgress: (each) => void progress.push(each),
      });
      expect(downloaded).toBe(true);
      expect(files).toEqual(wanted.map(({ name }) => join(target, `${name}.gz`)));
      expect(files.map((file) => sha256Of(gunzipSync(readFileSync(file))))).toEqual(wanted.map(({ sha256 }) => sha256));
      expect(readdirSync(target).length).toBe(2);
      expect(progress.at(-1)!.received).toBe(progress.at(-1)!.total);

      const again = await fetchFiles(target, wanted, { url: 'http://127.0.0.1:1/', byHand });
      expect(again).toEqual({ downloaded: false, files });
    },
  );

  it('takes files that are there, however they are packed, and replaces damaged ones', async () => {
    writeFileSync(join(directory, 'census-income.data.br'), brotliCompressSync(data));
    writeFileSync(join(directory, 'census-income.test'), test);
    expect((await fetchFiles(directory, wanted, { url: 'http://127.0.0.1:1/', byHand })).downloaded).toBe(false);

    writeFileSync(join(directory, 'census-income.data.gz'), gzipSync(data).subarray(0, 20));
    const { downloaded, files } = await fetchFiles(directory, wanted, { url: `${origin}/plain/`, byHand });
    expect(downloaded).toBe(true);
    expect(sha256Of(gunzipSync(readFileSync(files[0]!)))).toBe(wanted[0]!.sha256);
  });

  it.each([
    [
      '/wrong.zip',
      /census-income\.data \(sha256 [0-9a-f]{64}\) at http.*wrong\.zip, received other files: wrong\.zip\/census-income\.data/,
    ],
    ['/half/', /census-income\.test \(sha256 .*received other files: census-income\.data/],
    ['/none/', /census-income\.data .* and census-income\.test .*received no file\. .*Ask a friend/],
    ['/none.zip', /received no file/],
    ['/cut.zip', /a whole file at http.*cut\.zip, received damaged or cut-off data/],
    ['/busy.zip', /a file at http.*busy\.zip, received status 503/],
    ['/dropped.zip', /to download http.*dropped\.zip, received "/],
  ])('writes nothing and says why for %s', async (path, message) => {
    await expect(fetchFiles(directory, wanted, { url: origin + path, byHand })).rejects.toThrow(message);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('can be stopped', async () => {
    const controller = new AbortController();
    const stopped = fetchFiles(directory, wanted, {
      url: `${origin}/flat.zip`,
      byHand,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    controller.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
  });
});

describe('fetchCensusIncome', () => {
  it('says on a machine without a network what was tried and how to go on by hand', async () => {
    const offline: typeof fetch = () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }));
    await expect(fetchCensusIncome(directory, { fetch: offline })).rejects.toThrow(
      'Expected to download https://archive.ics.uci.edu/static/public/117/census+income+kdd.zip, received "fetch ' +
        'failed: getaddrinfo ENOTFOUND". Without a network, get the files by hand: ' +
        'https://archive.ics.uci.edu/dataset/117/census+income+kdd ("Census-Income (KDD)") has a zip with both files.',
    );
  });

  it('does not take other files for the published ones', async () => {
    await expect(fetchCensusIncome(directory, { url: `${origin}/flat.zip` })).rejects.toThrow(
      /sha256 3676a81db7d3.*received other files/,
    );
  });
});

describe('unpackArchive', () => {
  it('names files by the way to them', () => {
    const paths = [...unpackArchive({ path: 'x.zip', bytes: served['/tar-in.zip']! })].map(({ path }) => path);
    expect(paths).toEqual(['x.zip/census.tar/census/census-income.data', 'x.zip/census.tar/census/census-income.test']);
  });
});

describe('checkedBytes', () => {
  async function* pieces() {
    yield bytesOf('a,');
    yield 'b\n';
  }
  const read = async (sha256: string) => {
    const read: unknown[] = [];
    for await (const piece of checkedBytes(pieces(), sha256, 'x.csv')) read.push(piece);
    return read;
  };

  it('passes everything on where the sum is right, and throws after the last piece where it is not', async () => {
    expect(await read(sha256Of(bytesOf('a,b\n')))).toEqual([bytesOf('a,'), 'b\n']);
    await expect(read('0'.repeat(64))).rejects.toThrow(
      /the text of x\.csv to have sha256 0{64}, received [0-9a-f]{64}/,
    );
  });
});
