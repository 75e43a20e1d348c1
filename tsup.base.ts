import { defineConfig, type Options } from 'tsup';

/** The one build recipe: ESM with declarations and source maps, nothing bundled that is a dependency. */
export const library = (options: Options = {}) =>
  defineConfig({
    entry: ['src/index.ts'],
    format: ['esm'],
    target: 'es2022',
    platform: 'neutral',
    dts: true,
    sourcemap: true,
    clean: true,
    external: [/^node:/, /^#/, 'onnxruntime-node'],
    ...options,
  });
