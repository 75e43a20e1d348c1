import { defineConfig } from 'vitest/config';
import { isNews } from './vitest.base.ts';

export default defineConfig({
  test: {
    projects: ['packages/*/vitest.config.ts', 'examples/vitest.config.ts', 'scripts/vitest.config.ts'],
    onConsoleLog: isNews,
  },
});
