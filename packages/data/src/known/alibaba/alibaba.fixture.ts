import { BETWEEN } from './alibaba.ts';

const COLUMNS = [
  'search_id',
  ...Array.from({ length: 16 }, (_, i) => `categorical_${i + 1}`),
  ...Array.from({ length: 63 }, (_, i) => `numerical_${i + 1}`),
  'click',
  'conversion',
];

const result = (row: number): string =>
  COLUMNS.map((name, i) => {
    if (name === 'search_id') return Math.floor(row / 4);
    if (name === 'click') return Number(row % 3 === 0);
    if (name === 'conversion') return Number(row % 6 === 0);
    return name.startsWith('categorical') ? (row + i) % 5 : ((row * i) % 11) / 10;
  }).join(',');

const results = (from: number, to: number): string =>
  [COLUMNS.join(','), ...Array.from({ length: to - from }, (_, i) => result(from + i))].join('\n') + '\n';

/** The files of a country of AliExpress in the form of MTReclib, made up: 60 and 24 products in lists of four. */
export const madeUpAliExpress: Readonly<Record<string, string>> = {
  'train.csv': results(0, 60),
  'test.csv': results(60, 84),
};

const features = (...list: readonly (readonly [field: string, id: number, value?: number])[]): string =>
  list.map(([field, id, value = 1]) => `${field}${BETWEEN.id}${id}${BETWEEN.value}${value}`).join(BETWEEN.features);

const common = (part: string, user: number): string =>
  `${part}${user},4,${features(['101', 1000 + user], ['121', user % 2], ['109_14', 5, 2.3979], ['109_14', 6, 0.6931])}\n`;

const impression = (part: string, row: number): string =>
  `${row},${Number(row % 3 === 0)},${Number(row % 6 === 0)},${part}${row % 12},3,` +
  `${features(['205', 500 + (row % 7)], ['206', row % 2], ['301', 9351665])}\n`;

const lines = (count: number, line: (row: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

const partOf = (part: 'train' | 'test', rows: number) => ({
  [`common_features_${part}.csv`]: lines(12, (user) => common(part, user)),
  [`sample_skeleton_${part}.csv`]: lines(rows, (row) => impression(part, row)),
});

/** The four files of Ali-CCP, made up: 240 and 60 impressions of 12 users each. */
export const madeUpAliCcp: Readonly<Record<string, string>> = { ...partOf('train', 240), ...partOf('test', 60) };
