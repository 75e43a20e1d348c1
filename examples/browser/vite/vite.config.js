import { defineConfig } from 'vite';

export default defineConfig({
  worker: { format: 'es' }, // Vite's default, iife, can't load ONNX Runtime when it is used
});
