/** Runs the example of every public function, and the README's. */
import { readdirSync, readFileSync } from 'node:fs';
import { componentsOf } from '@polytask/components';
import { expect, it } from 'vitest';
import * as api from './index.ts';
import { seeded } from './testing/random.ts';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing/'));

/** The statements of an example, one per line. A line that is indented or begins with `}` continues the line before. */
const joined = (example: string): string[] => example.replace(/\n\s*\* (?: +(?=\S)|(?=\}))/g, ' ').split('\n');

const examples = sources.flatMap((path) =>
  [...read(`src/${path}`).matchAll(/@example\n([\s\S]*?)\*\/|@example (\S.*?)$/gm)].flatMap((match) =>
    joined(match[1] ?? match[2]!).flatMap((line) => {
      const parts = /^[\s*]*(\S.*); \/\/ (.+?)(?: \*\/)?$/.exec(line);
      return parts ? [{ path, code: parts[1]!, promised: parts[2]! }] : [];
    }),
  ),
);

const run = (code: string): unknown =>
  new Function('random', ...Object.keys(api), code)(seeded(1), ...Object.values(api));

/** Four decimals, as the examples are written. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? Number(each.toFixed(4)) : each)));

it.each(examples)('$path: $code', ({ code, promised }) => {
  expect(rounded(run(`return ${code}`))).toEqual(rounded(run(`return (${promised})`)));
});

const functions = Object.entries(api).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));

it('every public function has one', () => {
  expect(functions.filter((name) => !examples.some(({ code }) => new RegExp(`\\b${name}\\(`).test(code)))).toEqual([]);
});

it('docs/balancing.md has every balancer in its table', () => {
  const named = [...read('../../docs/balancing.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
  const others = ['balancerNeeds', 'createBalancer', 'gradientDiagnostics', 'gramianOf', 'rotationPulls', 'turned'];
  const balancers = functions.filter((name) => !others.includes(name) && !name.startsWith('define'));
  const own = componentsOf('balancer').filter((each) => each.package === '@polytask/balancing');
  expect(balancers.length).toBe(own.length);
  expect([...new Set(named)]).toEqual(expect.arrayContaining(balancers));
});

it('the README runs, and gives what it says', () => {
  const [, block] = /```ts\n([\s\S]*?)```/.exec(read('README.md'))!;
  const lines = block!.replace(/^import .*$/gm, '').replace(/^(\w[^=\n]*); \/\/ (.+)$/gm, 'check($1, $2);');
  const checked: [unknown, unknown][] = [];
  new Function('check', ...Object.keys(api), lines)(
    (...pair: [unknown, unknown]) => checked.push(pair),
    ...Object.values(api),
  );
  expect(checked.length).toBe(2);
  for (const [received, promised] of checked) expect(rounded(received)).toEqual(promised);
});
