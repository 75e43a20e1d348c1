import { labelsOf } from '@polytask/core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encode } from '../../fitting/encode.ts';
import { fitSchema } from '../../fitting/fit-schema.ts';
import { sampleStream } from '../../streams/sample-stream.ts';
import { movielensStream } from './movielens.ts';

const ML_1M = {
  'ratings.dat': '1::11::5::978300760\n1::12::3::978302109\n2::11::4::978301968\n',
  'movies.dat': '11::Château, Le (2001)::Comedy|Drama\n12::Toy Story (1995)::Animation\n',
  'users.dat': '1::F::1::10::48067\n2::M::56::16::70072\n',
};
const CSV = {
  'ratings.csv': 'userId,movieId,rating,timestamp\n1,11,4.5,1225734739\n1,12,3.5,1225865086\n2,11,4.0,1225733503\n',
  'movies.csv': 'movieId,title,genres\n11,"American President, The (1995)",Comedy|Drama\n12,Heat,(no genres listed)\n',
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-movielens-'));
  for (const [release, files] of Object.entries({ 'ml-1m': ML_1M, 'ml-32m': CSV })) {
    mkdirSync(join(directory, release));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(directory, release, name), Buffer.from(text, release === 'ml-1m' ? 'latin1' : 'utf8'));
    }
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

const readRelease = async (release: string) =>
  (await sampleStream(await movielensStream(join(directory, release)), { size: 100 })).table;

const listsOf = ({ columns }: Awaited<ReturnType<typeof readRelease>>) => {
  const { offsets, codes, dictionary } = columns.lists['genres']!;
  return Array.from({ length: offsets.length - 1 }, (_, row) =>
    Array.from(codes.subarray(offsets[row], offsets[row + 1]), (code) => dictionary[code]),
  );
};

it('reads ml-1m with genres and what users said about themselves', async () => {
  const table = await readRelease('ml-1m');
  expect(Object.keys(table.features)).toEqual(['userId', 'movieId', 'genres', 'gender', 'age', 'occupation']);
  expect(listsOf(table)).toEqual([['Comedy', 'Drama'], ['Animation'], ['Comedy', 'Drama']]);
  const { gender, timestamp } = table.columns.texts;
  expect(Array.from(gender!.codes, (code) => gender!.dictionary[code])).toEqual(['F', 'F', 'M']);
  expect(timestamp!.dictionary).toEqual(['978300760', '978302109', '978301968']);
});

it('reads a release with CSV files, where a movie may have no genre', async () => {
  const table = await readRelease('ml-32m');
  expect(Object.keys(table.features)).toEqual(['userId', 'movieId', 'genres']);
  expect(listsOf(table)).toEqual([['Comedy', 'Drama'], [], ['Comedy', 'Drama']]);
  const { labels } = labelsOf(encode(table, fitSchema(table)).arrays, 'liked');
  expect(Array.from(table.columns.numbers['rating']!)).toEqual([4.5, 3.5, 4]);
  expect(Array.from(labels)).toEqual([1, 0, 1]); // four stars or more
});

it('says which file is missing, and where to get it', async () => {
  await expect(movielensStream(directory)).rejects.toThrow(/ratings\.csv.*https:\/\/grouplens\.org/);
});
