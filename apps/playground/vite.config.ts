import { readFileSync } from 'node:fs';
import { defaultClientConditions, defineConfig } from 'vite';

const { version } = JSON.parse(readFileSync(new URL('../../packages/core/package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// Reads the sources of the packages, so nothing has to be built before.
export default defineConfig({
  base: './',
  define: { __VERSION__: JSON.stringify(version) },
  resolve: { conditions: ['@polytask/source', ...defaultClientConditions] },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: { target: 'es2022', chunkSizeWarningLimit: 2000 },
  worker: { format: 'es' }, // Vite's default, iife, can't load ONNX Runtime when it is used
});
