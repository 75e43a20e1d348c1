import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

const require = createRequire(import.meta.url);

/** The .wasm files that pages load at run time. */
const WASM = [
  'onnxruntime-web/ort-wasm-simd-threaded.wasm',
  'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm', // of the entry with WebGPU
  ...['', '-simd', '-threaded-simd'].map((kind) => `@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm${kind}.wasm`),
];

/**
 * Bundles a script with the sources of the packages, and serves a page that runs it.
 *
 * @param {string} entry the script
 * @param {{ isolated?: boolean }} [options] `isolated`: with the headers that allow threads
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function siteOf(entry, options) {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytask-site-'));
  await build({
    entryPoints: { page: entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: ['@polytask/source'],
    logLevel: 'error',
  });
  for (const file of WASM) await copyFile(require.resolve(file), path.join(folder, path.basename(file)));
  await writeFile(
    path.join(folder, 'index.html'),
    '<!doctype html><title>page</title><script type="module" src="page.js"></script>',
  );
  const { url, close } = await serve(folder, options);
  return {
    url,
    async close() {
      await close();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Serves a folder on this machine, with its `404.html` for an unknown address if there is one.
 *
 * @param {string} folder
 * @param {{ isolated?: boolean, script?: string, onReport?(text: string): void }} [options] `script`: a program that each page runs, too;
 *   `onReport` receives what it posts
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serve(folder, { isolated = false, script, onReport } = {}) {
  const headers = isolated
    ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    : {};
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      text(request).then((report) => (onReport?.(report), response.end()));
      return;
    }
    const name = path.normalize(new URL(request.url ?? '/', 'http://localhost').pathname).replace(/\/$/, '/index.html');
    const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
    const isText = /^text|svg/.test(type); // which servers compress
    readFile(path.join(folder, name)).then(
      (content) =>
        response
          .writeHead(200, { 'Content-Type': type, ...(isText && { 'Content-Encoding': 'gzip' }), ...headers })
          .end(
            isText
              ? gzipSync(type === 'text/html' && script ? `${content}<script>${script}</script>` : content)
              : content,
          ),
      () =>
        readFile(path.join(folder, '404.html')).then(
          (page) => response.writeHead(404, { 'Content-Type': 'text/html' }).end(page),
          () => response.writeHead(404).end(),
        ),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}
