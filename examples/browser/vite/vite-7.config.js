// Vite 8 needs no configuration. Vite 7 needs this.
export default {
  worker: { rollupOptions: { output: { inlineDynamicImports: true } } }, // its workers are one file
  optimizeDeps: { exclude: ['onnxruntime-web'] }, // the development server would move its script away from its .wasm file
  build: { outDir: 'dist/vite-7' },
};
