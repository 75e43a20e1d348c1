import { defineConfig } from 'vitest/config';
import { isNews } from './vitest.base.ts';

export default defineConfig({
  test: {
    projects: ['{packages,apps}/*/vitest{,.isolated}.config.ts', '{examples,scripts}/vitest.config.ts'],
    maxWorkers: '100%', // Vitest's default leaves one of two cores idle
    onConsoleLog: isNews,
  },
});
