import type { KnownFile } from '../fetching/known-file.ts';

export const CENSUS_FILES = {
  train: { name: 'census-income.data', sha256: '3676a81db7d3528f3f8b9f3c699d0f0aa28db45e6e994fa0b8ed38327539ee86' },
  test: { name: 'census-income.test', sha256: '98402b1ab879573d0a7f38a699a40258080e25e33d3401e7bf9c96d3fa0fab8c' },
} as const satisfies Record<string, KnownFile>;

export const BY_HAND =
  'https://archive.ics.uci.edu/dataset/117/census+income+kdd ("Census-Income (KDD)") has a zip with both files.';
