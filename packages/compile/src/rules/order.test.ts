import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inference, TRAINING } from './order.ts';

const LISTS = { training: TRAINING, inference: inference({}, false), 'inference on the CPU': inference({}, true) };
const rules = Object.values(LISTS).flat(2);
const names = new Set(rules.map(({ name }) => name));

/** The rules that a rule's `why` names, each with the place that it says to have next to it. */
const claims = (why: string): [place: string, rule: string][] => {
  let place = '';
  return [...why.matchAll(/after|before|walk of|[a-z]+(?:-[a-z]+)+/gi)].flatMap(([word]) => {
    if (names.has(word)) return [[place, word]];
    place = word.toLowerCase();
    return [];
  });
};

it.each(Object.entries(LISTS))('the rules of %s stand where they say that they do', (_, passes) => {
  const places = new Map(passes.flatMap((pass, i) => pass.map(({ name }) => [name, i])));
  expect(places.size).toBe(passes.flat().length);
  for (const { name, why } of passes.flat()) {
    for (const [place, other] of claims(why)) {
      const apart = places.has(other) ? Math.sign(places.get(name)! - places.get(other)!) : undefined;
      if (apart !== undefined) expect([name, place, other, apart]).toEqual([name, place, other, APART[place]]);
    }
  }
});

/** Where a rule stands that says this of another one. */
const APART: Readonly<Record<string, number>> = { before: -1, 'walk of': 0, after: 1 };

it('each rule gives a reason for its place', () => {
  for (const { name, why } of rules) {
    const reasons = claims(why).length > 0 || why.startsWith('Anywhere');
    expect(reasons, name).toBe(true);
  }
});

it('the documentation names all rules, and which list has them', () => {
  const docs = readFileSync(new URL('../../../../docs/compile.md', import.meta.url), 'utf8');
  const table = [...docs.matchAll(/^\| `([a-z-]+)` \|.*\| *(yes|) *\| *(yes|on the CPU|few rows, on the CPU|) *\|$/gm)];
  const has = (list: keyof typeof LISTS, name: string) => LISTS[list].flat().some((rule) => rule.name === name);
  const expected = [...names].map((name) => [
    name,
    has('training', name) ? 'yes' : '',
    has('inference', name) ? 'yes' : has('inference on the CPU', name) ? 'on the CPU' : '',
  ]);
  const written = table.map(([, name, training, cpu]) => [name, training, cpu!.replace('few rows, ', '')]);
  expect(written.sort()).toEqual(expected.sort());
});
