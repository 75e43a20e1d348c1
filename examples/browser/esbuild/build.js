import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
await build({
  entryPoints: [path.join(here, 'main.js'), path.join(here, 'worker.js')],
  outdir: path.join(here, 'dist'),
  bundle: true,
  splitting: true, // ONNX Runtime is loaded when it is used
  format: 'esm',
  minify: true,
  logLevel: 'error',
});
await copyFile(path.join(here, 'index.html'), path.join(here, 'dist/index.html'));
// esbuild doesn't follow `new URL('….wasm', import.meta.url)`
const wasm = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
await copyFile(wasm, path.join(here, 'dist', path.basename(wasm)));
