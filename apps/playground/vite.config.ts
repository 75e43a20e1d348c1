import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { serviceWorkerFiles } from './service-worker-plugin.ts';

const { version } = JSON.parse(readFileSync(new URL('../../packages/core/package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const entry = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Keeps all balancers. A balancer defines itself when its file runs, and the package says that files which nobody names can be left out:
 * pages that train with one balancer are smaller for it. This page has all of them.
 */
const allBalancers = (): Plugin => ({
  name: 'all-balancers',
  transform: (code, id) =>
    id.includes('/packages/balancing/src/') ? { code, map: null, moduleSideEffects: true } : undefined,
});

// Reads the sources of the packages, so nothing has to be built before.
export default defineConfig({
  base: './',
  define: { __VERSION__: JSON.stringify(version) },
  resolve: { conditions: ['@polytask/source', ...defaultClientConditions] },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  plugins: [allBalancers(), serviceWorkerFiles()],
  build: {
    target: 'es2022',
    rollupOptions: {
      input: {
        index: entry('index.html'),
        see: entry('see.html'),
        demo: entry('src/see/demo.tsx'), // the site's front page loads it by this name
        'service-worker': entry('src/service-worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) =>
          ['demo', 'service-worker'].includes(name) ? '[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
  worker: {
    format: 'es', // Vite's default, iife, can't load ONNX Runtime when it is used
    plugins: () => [allBalancers()],
    rollupOptions: { output: { inlineDynamicImports: true } }, // WebKit would evaluate a worker again for each chunk that imports it
  },
});
