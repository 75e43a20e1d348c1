import { defineConfig } from '@polytask/bench';

export default defineConfig({ plugins: ['./dist/index.js'] });
