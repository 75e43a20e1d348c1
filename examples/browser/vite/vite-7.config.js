// Vite 7 needs this for a worker in its default format. Vite 8 needs no configuration.
export default {
  worker: { rollupOptions: { output: { inlineDynamicImports: true } } },
  build: { outDir: 'dist/vite-7' },
};
