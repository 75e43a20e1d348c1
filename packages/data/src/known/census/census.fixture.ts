import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomStream, integerBelow } from '@polytask/core';
import { AMOUNTS, CENSUS_COLUMNS, DEGREES, NUMBERS } from './census-income.ts';

/** The directory with the real files, where there is one: POLYTASK_CENSUS, or `shared` beside the repository. */
export const realCensus: string | undefined = [
  process.env['POLYTASK_CENSUS'],
  fileURLToPath(new URL('../../../../../../shared/data/census-income', import.meta.url)),
].find((path) => path !== undefined && existsSync(path));

const LABELS = {
  education: [
    ...DEGREES.bachelor,
    ...DEGREES.associate,
    ...DEGREES['some-college'],
    'Children',
    'High school graduate',
  ],
  marital_stat: ['Never married', 'Married-civilian spouse present', 'Divorced'],
  income_50k: ['- 50000.', '50000+.'],
} as const;

/** Rows in the format of the census files: made up, with every kind of value that occurs. */
export function madeUpCensus(rows: number, seed: number): string {
  const stream = randomStream(seed, 'census');
  const pick = (values: readonly string[]): string => values[integerBelow(stream, values.length)]!;
  const cell = (name: string): string => {
    if (name in LABELS) return pick(LABELS[name as keyof typeof LABELS]);
    if (NUMBERS.includes(name)) return String(integerBelow(stream, 90));
    if (AMOUNTS.includes(name)) return pick(['0', '0', '7688', '99999']);
    if (name === 'instance_weight') return pick(['1700.09', '991.95']);
    return name.startsWith('mig_')
      ? pick(['?', 'Nonmover'])
      : pick([`${name} a`, `${name} b`, 'NA', 'Not in universe']);
  };
  return Array.from({ length: rows }, () => `${CENSUS_COLUMNS.map(cell).join(', ')}\n`).join('');
}
