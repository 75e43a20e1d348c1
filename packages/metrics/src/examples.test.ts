/** Runs every example of the docstrings, the README and the page, and checks the value that it promises. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as api from './index.ts';
import type { Metric } from './metric.ts';
import { ownMetrics } from './testing/oracles.ts';

/** Reads the examples of source files and pages, so that a test can run them. */

interface Example {
  readonly code: string;
  /** The value in the comment behind the statement. */
  readonly promised: string;
}

const STATEMENT = /^(.+?);\s*\/\/ (.+)$/;

/** Statements `expression; // value` of `@example` blocks. The expression may span several lines. */
const docstringExamples = (source: string): Example[] =>
  [...source.matchAll(/@example\n([\s\S]*?)\*\//g)].flatMap((block) => {
    const examples: Example[] = [];
    let statement = '';
    for (const line of block[1]!.split('\n')) {
      statement += ` ${line.replace(/^\s*\*/, '').trim()}`;
      const match = STATEMENT.exec(statement.trim());
      if (!match) continue;
      examples.push({ code: match[1]!, promised: match[2]! });
      statement = '';
    }
    return examples;
  });

/** The number of `@example` tags. */
const countExamples = (source: string): number => source.split('@example').length - 1;

/** The fenced blocks of code of a page. */
const pageExamples = (markdown: string): string[] =>
  [...markdown.matchAll(/```[tj]s\n([\s\S]*?)```/g)].map((block) => block[1]!);

/** Whether numbers agree to the written decimals, and everything else is equal. */
const agrees = (actual: unknown, promised: string): boolean => {
  const numerals = promised.match(/-?\d+(\.\d+)?/g) ?? [];
  const numbers: number[] = [];
  const shape = JSON.stringify(actual, (_, value: unknown) => {
    if (typeof value !== 'number' || Number.isNaN(value)) return Number.isNaN(value) ? 'NaN' : value;
    numbers.push(value);
    return '#';
  });
  const promisedShape = promised
    .replace(/'([^']*)'/g, '"$1"')
    .replace(/(?<=[{,]\s*)(\w+):/g, '"$1":')
    .replace(/\bNaN\b/g, '"NaN"')
    .replace(/(?<![\w"])-?\d+(\.\d+)?(?![\w"])/g, '"#"');
  if (JSON.stringify(JSON.parse(promisedShape)) !== shape || numerals.length !== numbers.length) return false;
  return numbers.every((value, i) => {
    const decimals = numerals[i]!.split('.')[1]?.length ?? 0;
    const tolerance = decimals === 0 ? 1e-9 : 0.501 * 10 ** -decimals;
    return Math.abs(value - Number(numerals[i])) <= tolerance;
  });
};

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const evaluate = (code: string, scope: Record<string, unknown> = api): unknown =>
  new Function(...Object.keys(scope), code)(...Object.values(scope));

const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing/'));
const examples = sources.flatMap((path) =>
  docstringExamples(read(`src/${path}`)).map((example) => ({ path, ...example })),
);

test.each(examples)('$path: $code', async ({ path, code, promised }) => {
  const own = (await import(/* @vite-ignore */ `./${path}`)) as Record<string, unknown>;
  const value = evaluate(`return ${code}`, { ...api, ...own });
  expect(agrees(value, promised), `${JSON.stringify(value)} is not ${promised}`).toBe(true);
});

test('every public function has an example, and every example is read', () => {
  const functions = Object.entries(api)
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);
  const unseen = functions.filter((name) => !examples.some(({ code }) => new RegExp(`\\b${name}\\(`).test(code)));
  expect(unseen).toEqual([]);
  for (const path of sources) {
    const source = read(`src/${path}`);
    expect(docstringExamples(source).length, path).toBeGreaterThanOrEqual(countExamples(source));
  }
});

test('a wrong promise is noticed', () => {
  expect(agrees(0.75, '0.76')).toBe(false);
  expect(agrees(NaN, '0.5')).toBe(false);
  expect(agrees(0.754, '0.75')).toBe(true);
  expect(agrees({ mean: 0.1, n: 3 }, '{ mean: 0.1, n: 4 }')).toBe(false);
});

test('the guide lists every metric with its direction, and the README every function', () => {
  const lines = read('../../docs/metrics.md').split('\n');
  const listed = ({ name, direction }: Metric) =>
    lines.some((line) => line.startsWith(`| \`${name}\` | ${direction} |`));
  expect(ownMetrics().filter((metric) => !listed(metric))).toEqual([]);
  const functions = Object.entries(api).flatMap(([name, value]) =>
    typeof value === 'function' && 'metric' in value ? [name] : [],
  );
  expect(functions.filter((name) => !read('README.md').includes(`\`${name}\``))).toEqual([]);
});

test.each(['README.md', '../../docs/metrics.md', '../../docs/comparing-runs.md'])(
  '%s promises values that come out',
  (path) => {
    const blocks = pageExamples(read(path));
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      const checks: [unknown, string][] = [];
      const code = block
        .replace(/^import .* from '@polytask\/metrics';$/gm, '')
        .replace(
          /^(?!const |for )(.+?);\s*\/\/ (.+)$/gm,
          (_, expression: string, promised: string) => `check(${expression}, ${JSON.stringify(promised)});`,
        );
      evaluate(code, { ...api, check: (value: unknown, promised: string) => checks.push([value, promised]) });
      expect(checks.length).toBeGreaterThan(0);
      for (const [value, promised] of checks)
        expect(agrees(value, promised), `${JSON.stringify(value)} is not ${promised}`).toBe(true);
    }
  },
);
