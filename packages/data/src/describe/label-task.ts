import { binary } from '@polytask/core';
import { binaryLabel } from '../fitting/labels.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { DescribedTask } from './description.ts';
import { namesCount } from './name-words.ts';
import { isSkewed, presentNumbers } from './number-column.ts';
import { cell, counted, percent, short } from './words.ts';

/** Up to this number of different whole numbers can be classes. */
const NUMBER_CLASSES = 20;
const TEXT_CLASSES = 100;
const YES = new Set(
  'yes y true t positive pos + success ok on good won win present ja oui si sí sim да はい 是 high'.split(' '),
);
const NO = new Set(
  'no n false f negative neg - failure none off bad lost loss absent nein non nee não нет いいえ 否 low'.split(' '),
);

/** The task of a column that is a label. */
export interface LabelTask {
  readonly kind: 'binary' | 'multiclass' | 'regression';
  readonly task: DescribedTask;
  /** A sentence about the values. */
  readonly how: string;
}

/** The task that fits a column's values; undefined for a single value, and for texts that hardly repeat. */
export function labelTask(profile: ColumnProfile): LabelTask | undefined {
  const { counts, name, numbers, present, stored } = profile;
  if (stored !== undefined && stored !== 'numbers' && stored !== 'texts') return undefined;
  const texts = [...counts.keys()];
  const labels = texts.map(binaryLabel(binary()));
  if (labels.includes(1) && labels.includes(0) && !labels.includes(undefined)) return plainBinary(profile, labels);
  if (counts.size < 2) return undefined;
  const whole = texts.every((text) => Number.isInteger(Number(text)));
  if (counts.size === 2 && (!numbers || whole)) return twoValues(profile);
  const hardlyRepeats = counts.size > present / 2;
  if (numbers && (!whole || counts.size > NUMBER_CLASSES || hardlyRepeats || namesCount(name))) return amounts(profile);
  if (counts.size > TEXT_CLASSES || hardlyRepeats) return undefined;
  const classes = numbers ? texts.sort((a, b) => Number(a) - Number(b)) : texts.sort();
  const shown = classes.slice(0, 4).map(cell).join(', ');
  return {
    kind: 'multiclass',
    task: { kind: 'multiclass', classes },
    how: `${counted(classes.length, 'class', 'classes')}: ${shown}${classes.length > 4 ? ', …' : ''}.`,
  };
}

function plainBinary({ counts, present }: ColumnProfile, labels: readonly (0 | 1 | undefined)[]): LabelTask {
  const yes = [...counts.values()].reduce((sum, count, i) => sum + (labels[i] === 1 ? count : 0), 0);
  const word = [...counts.keys()].find((_, i) => labels[i] === 1)!;
  return { kind: 'binary', task: 'binary', how: `Yes is ${cell(word)}: ${percent(yes, present)} of the rows.` };
}

function twoValues({ counts, present }: ColumnProfile): LabelTask {
  const [a, b] = [...counts.keys()] as [string, string]; // b is the rarer one
  const { positive, because } = positiveOf(a, b);
  const share = percent(counts.get(positive)!, present);
  return {
    kind: 'binary',
    task: { kind: 'binary', positive },
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

function amounts(profile: ColumnProfile): LabelTask {
  const numbers = presentNumbers(profile);
  const log = isSkewed(numbers);
  const range = `Numbers from ${short(numbers[0]!)} to ${short(numbers.at(-1)!)}`;
  return {
    kind: 'regression',
    task: log ? { kind: 'regression', log } : 'regression',
    how: log ? `${range}, many small and a few very large: trained on their logarithm.` : `${range}.`,
  };
}
