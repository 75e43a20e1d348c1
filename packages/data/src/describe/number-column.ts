import type { ColumnProfile } from './column-profile.ts';
import { categoricalChoice, hashedChoice, leftOut, tooMany, type ColumnChoice } from './column-choice.ts';
import type { DescribedFeature } from './description.ts';
import { namesCode, namesCount, namesId } from './name-words.ts';
import { sentinels } from './sentinels.ts';
import { isSkewed } from './skewness.ts';
import { counted, listed, percent, short } from './words.ts';

/** Integers with at most so many values, each repeated, are codes unless their name says that they count. */
const FEW = 10;
/** A column with this share of missing values says something by being missing. */
const MANY_MISSING = 0.05;
/** Fewer different values than this say nothing about whether each row has its own. */
const LEAST_IDS = 20;
/** Whole numbers from here on are amounts more often than codes. */
const LEAST_AMOUNT = 1000;

/** What a column of numbers is as a feature. */
export function numberColumn(profile: ColumnProfile): ColumnChoice {
  const { name, counts, present } = profile;
  const texts = [...counts.keys()];
  const whole = texts.every((text) => Number.isInteger(Number(text)));
  const zeros = texts.some((text) => /^0\d/.test(text));
  if (whole && counts.size === present && present > 1) {
    if (namesId(name)) return leftOut('row-id', 'A different value in each row: it names the row.');
    if (counts.size >= LEAST_IDS && consecutive(texts)) return leftOut('row-id', 'It numbers the rows.');
  }
  if (whole && counts.size > 2) {
    if (zeros || namesId(name) || namesCode(name)) {
      const what = zeros ? 'Numbers with leading zeros' : namesId(name) ? 'Ids' : 'Codes by its name';
      return tooMany(profile)
        ? hashedChoice(profile)
        : categoricalChoice(profile, `${what}: ${counted(counts.size, 'value')}.`);
    }
    const codes = counts.size <= FEW && texts.every((text) => Math.abs(Number(text)) < LEAST_AMOUNT);
    if (codes && present >= 10 * counts.size && !namesCount(name)) {
      const why = `${counts.size} different whole numbers, each repeated: read as codes. Write "numeric" if their order matters.`;
      return categoricalChoice(profile, why);
    }
  }
  return numericChoice(profile);
}

function numericChoice(profile: ColumnProfile): ColumnChoice {
  const { name, counts, missing, values } = profile;
  const numbers = presentNumbers(profile);
  const [min, max] = [numbers[0]!, numbers.at(-1)!];
  const log = isSkewed(numbers);
  const indicator = missing >= MANY_MISSING * values.length;
  const feature: DescribedFeature =
    log || indicator ? { kind: 'numeric', ...(log && { log }), ...(indicator && { indicator }) } : 'numeric';
  const range = counts.size === 2 ? listed([short(min), short(max)]) : `${short(min)} to ${short(max)}`;
  const why = [
    `Numbers: ${range}.`,
    ...(log ? ['Many small and a few very large: their logarithm is used.'] : []),
    ...(missing === 0 ? [] : [missingSentence(missing, values.length, indicator)]),
  ];
  return { use: 'feature', kind: 'numeric', feature, why: why.join(' '), warnings: sentinels(name, counts, numbers) };
}

const missingSentence = (missing: number, rows: number, indicator: boolean): string =>
  `Missing in ${percent(missing, rows)}${indicator ? ': a second input says so' : ': read as the mean'}.`;

/** Ascending. */
export const presentNumbers = ({ numbers = new Float64Array() }: ColumnProfile): Float64Array =>
  numbers.filter((value) => !Number.isNaN(value)).sort();

function consecutive(texts: readonly string[]): boolean {
  const sorted = Float64Array.from(texts, Number).sort();
  return sorted.at(-1)! - sorted[0]! === sorted.length - 1;
}
