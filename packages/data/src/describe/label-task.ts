import { mean, sum } from '@polytask/components';
import { MOST_LABELS, type Label } from '@polytask/core';
import { isNumber } from '../columns/columns.ts';
import { binaryLabel, sorted } from '../labels/index.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { DescribedKind } from './description.ts';
import { listsIn, type Lists } from './list-column.ts';
import { namesCount, namesTally } from '../words/name-words.ts';
import { isSkewed, presentNumbers } from './number-column.ts';
import { cell, counted, percent, short } from '../words/words.ts';

/** Up to this number of different integers can be classes. */
const NUMBER_CLASSES = 20;
const TEXT_CLASSES = 100;
/** More different whole numbers from 0, most of them small, are a count. */
const MOST_CODES = 10;
const YES = new Set(
  'yes y true t positive pos + success ok on good won win present ja oui si sí sim да はい 是 high'.split(' '),
);
const NO = new Set(
  'no n false f negative neg - failure none off bad lost loss absent nein non nee não нет いいえ 否 low'.split(' '),
);

/** 1 for a text that means yes, 0 for one that means no; undefined for others. */
export function meaningOf(text: string): 0 | 1 | undefined {
  const word = text.toLowerCase();
  return binaryLabel({})(text) ?? (YES.has(word) ? 1 : NO.has(word) ? 0 : undefined);
}

export interface LabelTask {
  readonly label: Label['type'];
  readonly task: DescribedKind;
  readonly how: string;
}

/** The task that fits a column's values; undefined for a single value, and for texts that hardly repeat. */
export function labelTask(sampled: ColumnProfile): LabelTask | undefined {
  const profile = withFurther(sampled);
  const { counts, name, numbers, present, stored, texts } = profile;
  if (typeof stored === 'object' || stored === 'others') return undefined;
  if (profile.isMeasured && numbers && counts.size > 1) return amounts(profile);
  const labels = texts.map(binaryLabel({}));
  if (labels.includes(1) && labels.includes(0) && !labels.includes(undefined)) return plainBinary(profile, labels);
  if (counts.size < 2) return undefined;
  const lists = numbers ? undefined : listsIn(profile);
  if (lists) return severalLabels(profile, lists);
  const whole = texts.every((text) => Number.isInteger(Number(text)));
  if (counts.size === 2 && (!numbers || whole)) return twoValues(profile);
  const hardlyRepeats = counts.size > present / 2;
  if (numbers && (!whole || counts.size > NUMBER_CLASSES || hardlyRepeats || namesCount(name) || isLongTally(profile)))
    return amounts(profile);
  if (counts.size > TEXT_CLASSES || hardlyRepeats) return undefined;
  const order = SCALES.find((scale) => texts.every((text) => scale.includes(text.toLowerCase())));
  if (order) {
    const grades = texts.toSorted((a, b) => order.indexOf(a.toLowerCase()) - order.indexOf(b.toLowerCase()));
    const how = `${counted(grades.length, 'class', 'classes')} that have an order: ${grades.map(cell).join(' < ')}.`;
    return { label: 'class', task: { kind: 'ordinal', classes: grades }, how };
  }
  const ordered = texts.toSorted(numbers && ((a, b) => Number(a) - Number(b)));
  const classes = ordered.map((text) => profile.written?.get(text) ?? text);
  const span = Number(ordered.at(-1)) - Number(ordered[0]) + 1;
  const scale = numbers && span === classes.length ? ' If a greater number means more, write "kind": "ordinal".' : '';
  return {
    label: 'class',
    task: { kind: 'multiclass', classes },
    how: `${counted(classes.length, 'class', 'classes')}: ${first(classes)}.${scale}`,
  };
}

/** The profile with the labels of other rows than those of the sample, none of which has them. */
function withFurther(profile: ColumnProfile): ColumnProfile {
  const { counts: own, further, numbers } = profile;
  if (further.length === 0) return profile;
  const counts = new Map([...own, ...further.map((text) => [text, 0] as const)]);
  return { ...profile, texts: [...counts.keys()], counts, numbers: further.every(isNumber) ? numbers : undefined };
}

const first = (texts: readonly string[]): string =>
  `${texts.slice(0, 4).map(cell).join(', ')}${texts.length > 4 ? ', …' : ''}`;

/** The task of a column of lists; undefined for more labels than a task can have, and for one. */
function severalLabels({ missing }: ColumnProfile, { parts, separator }: Lists): LabelTask | undefined {
  if (parts.size < 2 || parts.size > MOST_LABELS) return undefined;
  const labels = sorted([...parts]);
  const between = separator === undefined ? '' : `, with ${cell(separator)} between`;
  const empty = missing === 0 ? '' : ' An empty cell is unknown: write "empty": "none" if it means that no label fits.';
  return {
    label: 'labels',
    task: { kind: 'multi-label', labels, ...(separator !== undefined && separator !== '|' && { separator }) },
    how: `Several labels in a cell${between}. ${counted(labels.length, 'label')}: ${first(labels)}.${empty}`,
  };
}

function plainBinary({ counts, present, texts }: ColumnProfile, labels: readonly (0 | 1 | undefined)[]): LabelTask {
  const yes = sum([...counts.values()], (count, i) => (labels[i] === 1 ? count : 0));
  const how = `Yes is ${cell(texts[labels.indexOf(1)]!)}: ${percent(yes, present)} of the rows.`;
  return { label: 'yes-no', task: 'binary', how };
}

function twoValues({ counts, present, texts, written }: ColumnProfile): LabelTask {
  const [a, b] = texts as [string, string]; // b is the rarer one
  const { positive, because } = positiveOf(a, b);
  const share = percent(counts.get(positive)!, present);
  return {
    label: 'yes-no',
    task: { kind: 'binary', positive: written?.get(positive) ?? positive },
    how: `Yes is ${cell(positive)}, ${because}: ${share} of the rows. The other value is ${cell(positive === a ? b : a)}.`,
  };
}

function positiveOf(a: string, b: string): { positive: string; because: string } {
  const word = (text: string) => text.toLowerCase();
  const yes = [a, b].find((text, i) => YES.has(word(text)) || NO.has(word([b, a][i]!)));
  if (yes !== undefined) return { positive: yes, because: 'by its meaning' };
  const [left, right] = [magnitude(a), magnitude(b)];
  if (left !== right && !Number.isNaN(left) && !Number.isNaN(right)) {
    return { positive: left > right ? a : b, because: 'the greater one' };
  }
  return { positive: b, because: 'the rarer one' };
}

/** The number in a text, plus or minus 0.5 by its sign: `<=50K`, `>50K`, `- 50000.`, `50000+.`; NaN without a number. */
function magnitude(text: string): number {
  const digits = /\d+(\.\d+)?/.exec(text)?.[0];
  const number = digits === undefined ? NaN : Number(digits);
  if (/^\s*(>|more|over|above)|\+\.?$/i.test(text)) return number + 0.5;
  return /^\s*(<|-|less|under|below|up to)/i.test(text) ? number - 0.5 : number;
}

/** Words that have an order. */
const SCALES: readonly (readonly string[])[] = [
  ['very low', 'low', 'medium', 'moderate', 'high', 'very high', 'extreme'],
  ['tiny', 'small', 'medium', 'large', 'huge'],
  ['very bad', 'bad', 'poor', 'fair', 'average', 'good', 'very good', 'excellent'],
  ['never', 'rarely', 'sometimes', 'often', 'always'],
  ['strongly disagree', 'disagree', 'neutral', 'agree', 'strongly agree'],
];

/** With a larger share of zeros, the logarithm of a number says too little of the mean: predictions would be too low, up to nearly 0. */
const MANY_ZEROS = 0.1;

/** Grades fill their range; a tally's mean is at most this share of its greatest number. */
const MOSTLY_SMALL = 0.25;

const isTally = (sorted: Float64Array): boolean =>
  sorted.every(Number.isInteger) && sorted[0] === 0 && mean(sorted) <= MOSTLY_SMALL * sorted.at(-1)!;

/** Whether 0 and many more whole numbers, most of them small, are counted rather than codes of classes. */
const isLongTally = (profile: ColumnProfile): boolean =>
  profile.counts.size > MOST_CODES && isTally(presentNumbers(profile));

function amounts(profile: ColumnProfile): LabelTask {
  const numbers = presentNumbers(profile);
  if (namesTally(profile.name) && numbers[0]! >= 0 && numbers.every(Number.isInteger)) {
    return numberTask('count', `By its name a count, from ${short(numbers[0]!)} to ${short(numbers.at(-1)!)}.`);
  }
  const range = `Numbers from ${short(numbers[0]!)} to ${short(numbers.at(-1)!)}`;
  const zeros = numbers.findLastIndex((number) => number === 0) + 1;
  const isOftenZero = zeros >= MANY_ZEROS * numbers.length;
  if (!isSkewed(numbers)) {
    return isTally(numbers) && isOftenZero
      ? numberTask('count', `${range.replace('Numbers', 'Whole numbers')}, most of them small: a count.`)
      : numberTask('regression', `${range}.`);
  }
  const tail = `${range}, many small and a few very large`;
  const link = 'A logarithmic link has the right mean. For networks alone, "amount" models the zeros apart.';
  if (isOftenZero) return numberTask('count', `${tail}; ${percent(zeros, numbers.length)} are 0. ${link}`);
  const why = 'trained on their logarithm, so that relative errors count. For totals, write "count".';
  return numberTask({ kind: 'regression', log: true }, `${tail}: ${why}`);
}

const numberTask = (task: DescribedKind, how: string): LabelTask => ({ label: 'number', task, how });
