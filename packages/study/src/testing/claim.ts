import { expect } from 'vitest';
import type { Relation, TableFacts } from './table-facts.ts';

/** A table, and a sentence about it. */
export interface Seen extends TableFacts {
  /** What the finding is about. */
  readonly model: string;
  /** The words of the sentence at its placeholders. */
  readonly words: Readonly<Record<string, string>>;
  /** The tasks at `{tasks…}`. */
  readonly on: readonly string[];
  /** Notes what the sentence says of two models: the sentences of a document are searched for contradictions. */
  say(model: string, relation: 'better' | 'not better', than: string, task: string): void;
}

/** A sentence of a kind of finding, and what its table must show. */
export interface Claim {
  readonly kind: string;
  readonly pattern: RegExp;
  readonly check: (seen: Seen) => unknown;
}

/** @param sentence with `{name}` for a word, `{name…}` for several, `(…|…)` for alternatives and `(…)?` for what may be missing */
export const claim = (kind: string, sentence: string, check: Claim['check']): Claim => {
  const groups = sentence.replaceAll(/(?<!\\)\(/g, '(?:').replaceAll(/\{(\w+)\}/g, '(?<$1>\\S+)');
  return { kind, pattern: new RegExp(`^${groups.replaceAll(/\{(\w+)…\}/g, '(?<$1>.+?)')}\\.$`), check };
};

export const listOf = (text = ''): string[] => text.split(/, | and | or /);

/** Both differ by chance. */
export function differByChance({ say }: Seen, a: string, b: string, task: string): void {
  say(a, 'not better', b, task);
  say(b, 'not better', a, task);
}

export function isBetter({ testAll, differences, say }: Seen, model: string, than: string, task: string): void {
  expect(testAll([differences(model, than, task)])).toEqual(['better']);
  say(model, 'better', than, task);
}

/** The verdict on a model and the baseline is in the table of differences. */
export function isAgainstBaseline(seen: Seen, model: string, task: string, verdict: Relation & ('better' | 'worse')) {
  expect(seen.againstBaseline(model, task)).toBe(verdict);
  const pair = [model, seen.baseline] as const;
  const [better, worse] = verdict === 'better' ? pair : pair.toReversed();
  seen.say(better!, 'better', worse!, task);
}
