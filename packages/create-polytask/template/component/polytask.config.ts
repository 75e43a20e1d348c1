import { defineConfig } from '@polytask/bench';

export default defineConfig({ plugins: ['./src/index.ts'] });
