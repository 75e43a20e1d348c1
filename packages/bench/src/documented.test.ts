import { readFileSync } from 'node:fs';
import * as adatt from '@polytask/adatt';
import * as balancing from '@polytask/balancing';
import * as baselines from '@polytask/baselines';
import * as experts from '@polytask/experts';
import * as gating from '@polytask/gating';
import { expect, it } from 'vitest';

const PACKAGES: Readonly<Record<string, object>> = { adatt, balancing, baselines, experts, gating };

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it.each(Object.keys(PACKAGES))('README and page of %s name every function that it exports', (name) => {
  const functions = Object.entries(PACKAGES[name]!)
    .filter(([key, value]) => typeof value === 'function' && /^[a-z]/.test(key))
    .map(([key]) => key);
  for (const path of [`packages/${name}/README.md`, `docs/${name}.md`]) {
    const text = read(path);
    expect(
      functions.filter((key) => !new RegExp(`\\b${key}\\b`).test(text)),
      path,
    ).toEqual([]);
  }
});
