import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { labelsOf, layoutOf } from '@polytask/core';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { EncodedTable } from '../../examples/encoded-table.ts';
import { encode } from '../../fitting/encode.ts';
import { fitSchema } from '../../fitting/fit-schema.ts';
import { censusIncome, readCensusIncome, CENSUS_COLUMNS, censusDeclaration } from './census-income.ts';
import { madeUpCensus, realCensus } from './census.fixture.ts';

const LABELS = ['education', 'income_50k', 'marital_stat', 'instance_weight'];
const rate = (table: EncodedTable, task: string): number => {
  const labels = labelsOf(table.arrays, task).labels;
  return labels.reduce((a, b) => a + b, 0) / labels.length;
};

describe('the declaration of census-income', () => {
  it('has 42 columns, of which 7 are numbers, 31 categories and none says what the label is', () => {
    const { features, tasks } = censusDeclaration();
    const kinds = Object.values(features).map(({ kind }) => kind);
    expect(CENSUS_COLUMNS.length).toBe(42);
    expect(kinds.filter((kind) => kind === 'numeric').length).toBe(7);
    expect(kinds.filter((kind) => kind === 'categorical').length).toBe(31);
    expect(Object.keys(features).filter((name) => LABELS.includes(name))).toEqual([]);
    expect(Object.keys(tasks)).toEqual(['education', 'income', 'marital']);
  });

  it('adds degrees as the bar for "educated" is lowered', () => {
    const degrees = (['bachelor', 'associate', 'some-college'] as const).map(
      (education) => censusDeclaration({ education }).tasks.education.positive as string[],
    );
    expect(degrees.map(({ length }) => length)).toEqual([4, 6, 7]);
    expect(degrees[1]!.slice(0, 4)).toEqual(degrees[0]);
    expect(degrees[0]).toContain('Prof school degree (MD DDS DVM LLB JD)');
  });

  it('drops features by name, and says which it does not know', () => {
    const drop = ['det_hh_fam_stat', 'det_hh_summ', 'tax_filer_stat'];
    expect(Object.keys(censusDeclaration({ drop }).features).length).toBe(35);
    expect(() => censusDeclaration({ drop: ['tax_file_stat'] })).toThrow(/Did you mean "tax_filer_stat"\?/);
    expect(() => censusDeclaration({ education: 'phd' as 'bachelor' })).toThrow(
      /"bachelor", "associate", "some-college" for readCensusIncome\.education, received "phd"/,
    );
  });
});

describe('the tasks of census-income', () => {
  it('are chosen by name, and the column of a task that is left out is a category', () => {
    const declared = censusDeclaration({ tasks: ['marital', 'income'] });
    expectTypeOf<keyof typeof declared.tasks>().toEqualTypeOf<'income' | 'marital'>();
    expect(Object.keys(declared.tasks)).toEqual(['marital', 'income']);
    const { features } = censusDeclaration();
    expect(Object.keys(declared.features).filter((name) => !(name in features))).toEqual(['education']);
    expect(declared.features['education']?.kind).toBe('categorical');
    const alone = censusDeclaration({ tasks: ['education'], drop: ['marital_stat'] }).features;
    expect(['education', 'marital_stat', 'income_50k'].map((name) => name in alone)).toEqual([false, false, true]);
  });

  it('are refused by a name that is unknown, or no feature any more', () => {
    expect(() => censusDeclaration({ tasks: ['wage' as 'income'] })).toThrow(
      /for readCensusIncome\.tasks\[0\], received "wage"/,
    );
    expect(() => censusDeclaration({ drop: ['education'] })).toThrow(/names of features to drop, received "education"/);
  });
});

describe('census files', () => {
  let directory: string;
  const [train, test] = [madeUpCensus(300, 1), madeUpCensus(100, 2)];
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'polytask-census-'));
    writeFileSync(join(directory, 'census-income.data.br'), brotliCompressSync(train));
    writeFileSync(join(directory, 'census-income.test.gz'), gzipSync(test));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('are read whole, with the labels of their columns and the schema of the training rows', async () => {
    const parts = await censusIncome(directory, { verify: false });
    expect([parts.train.size, parts.validation.size, parts.test.size]).toEqual([300, 0, 100]);
    const { numeric, fields } = layoutOf(parts.train.schema);
    expect([numeric, fields]).toEqual([7, 31]);
    expect(parts.test.schema).toBe(parts.train.schema);
    expectTypeOf<keyof typeof parts.train.schema.tasks>().toEqualTypeOf<'education' | 'income' | 'marital'>();

    const cells = train
      .trim()
      .split('\n')
      .map((line) => line.split(', '));
    const column = (name: string) => cells.map((row) => row[CENSUS_COLUMNS.indexOf(name)]!);
    const labels = (task: string) => Array.from(labelsOf(parts.train.arrays, task).labels);
    expect(labels('income')).toEqual(column('income_50k').map((cell) => Number(cell === '50000+.')));
    expect(labels('marital')).toEqual(column('marital_stat').map((cell) => Number(cell === 'Never married')));
    expect(labels('education')).toEqual(
      column('education').map((cell) => Number(/^(Bachelors|Masters|Prof|Doctorate)/.test(cell))),
    );
    expect(labelsOf(parts.train.arrays, 'income').weights.every((weight) => weight === 1)).toBe(true);
  });

  it('take "?" for missing, but "NA" for what it says', async () => {
    const { train: raw } = await readCensusIncome(directory, { verify: false });
    expect(raw.columns.texts['mig_chg_msa']!.codes).toContain(-1);
    expect(raw.columns.texts['mig_chg_msa']!.dictionary).toEqual(['Nonmover']);
    expect(raw.columns.texts['hisp_origin']!.dictionary).toContain('NA');
    expect(raw.where(4)).toBe(`${join(directory, 'census-income.data.br')}, line 5`);
  });

  it('take the bar for "educated" and the features of the declaration', async () => {
    const chosen = { education: 'some-college', drop: ['year'] } as const;
    const { train: raw } = await readCensusIncome(directory, { verify: false, ...chosen });
    const { features, tasks } = censusDeclaration(chosen);
    expect([raw.features, raw.tasks]).toEqual([features, tasks]);
  });

  it('hold validation rows out before anything is fitted', async () => {
    const all = await censusIncome(directory, { verify: false });
    const parts = await censusIncome(directory, { verify: false, validation: 0.2, seed: 3 });
    expect([parts.train.size, parts.validation.size, parts.test.size]).toEqual([240, 60, 100]);
    const age = ({ schema }: EncodedTable) => (schema.features['age'] as { mean: number }).mean;
    expect(age(parts.train)).not.toBe(age(all.train));
    const again = await censusIncome(directory, { verify: false, validation: 0.2, seed: 3 });
    expect(again.validation.arrays).toEqual(parts.validation.arrays);
  });

  it('are refused where they are not the published ones, or not there', async () => {
    await expect(censusIncome(directory)).rejects.toThrow(
      /the text of .*census-income\.data\.br to have sha256 3676a81db7d3[0-9a-f]+, received [0-9a-f]{64}\. .*verify: false/,
    );
    await expect(censusIncome(join(directory, 'nowhere'))).rejects.toThrow(
      new RegExp(
        String.raw`census-income\.data, plain or as \.gz or \.br, in .*nowhere, received none of them\. ` +
          String.raw`Fetch it with fetchCensusIncome\(.*archive\.ics\.uci\.edu`,
      ),
    );
  });
});

describe.runIf(realCensus)('the real census files', { tags: ['long'] }, () => {
  const directory = realCensus!;

  let raw: Awaited<ReturnType<typeof readCensusIncome>>;
  beforeAll(async () => void (raw = await readCensusIncome(directory, { drop: [] })));

  it('have the published rows and rates of yes', () => {
    expect([raw.train.size, raw.test.size]).toEqual([199_523, 99_762]);
    const schema = fitSchema(raw.train);
    const train = encode(raw.train, schema);
    expect(rate(train, 'income')).toBeCloseTo(0.0621, 4);
    expect(rate(train, 'marital')).toBeCloseTo(0.4335, 4);
    expect(rate(train, 'education')).toBeCloseTo(0.1477, 4);
    // from census-income.names: 6.20% of the test rows
    expect(rate(encode(raw.test, schema), 'income')).toBeCloseTo(0.062, 3);

    // the numbers of distinct values, less the missing one, are those of census-income.names
    const sizes = Object.fromEntries(
      Object.entries(schema.features).map(([name, feature]) => [
        name,
        'vocabulary' in feature ? feature.vocabulary.length : 0,
      ]),
    );
    expect(sizes).toMatchObject({
      class_worker: 9,
      det_ind_code: 52,
      det_occ_code: 47,
      hisp_origin: 10,
      det_hh_fam_stat: 38,
      year: 2,
    });
    expect(sizes).toMatchObject({
      mig_chg_msa: 9,
      country_self: 42,
      vet_benefits: 3,
      own_or_self: 3,
      state_prev_res: 50,
    });
    for (let c = 0; c < 7; c++) {
      let [sum, squares] = [0, 0];
      for (let r = 0; r < train.size; r++) {
        const value = train.arrays.numeric[r * 7 + c]!;
        sum += value;
        squares += value * value;
      }
      expect(sum / train.size).toBeCloseTo(0, 4);
      expect(squares / train.size).toBeCloseTo(1, 4);
    }
  });

  it.each([
    ['associate', 0.1964],
    ['some-college', 0.3358],
  ] as const)('count %s and more at %d', (education, expected) => {
    const { tasks } = censusDeclaration({ education }); // as readCensusIncome takes them, without reading the files again
    const train = { ...raw.train, features: { age: raw.train.features['age']! }, tasks };
    expect(rate(encode(train, fitSchema(train)), 'education')).toBeCloseTo(expected, 4);
  });
});
