import { defineConfig } from 'vitest/config';

/** Tests read the sources of the other packages, so nothing has to be built before they run. */
export const packageTests = (name: string) =>
  defineConfig({
    resolve: { conditions: ['@polytask/source'] },
    ssr: { resolve: { conditions: ['@polytask/source'], externalConditions: ['@polytask/source'] } },
    test: { name, include: ['src/**/*.test.ts'], typecheck: { enabled: false }, testTimeout: 30_000 },
  });
