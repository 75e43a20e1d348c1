import { binary, regression, type BinaryTask, type RegressionTask } from '@polytask/core';
import { readCsv } from '../../csv/read-csv.ts';
import { categorical, multiValued } from '../../declarations/kinds.ts';
import { findFile, requireFile } from '../fetching/known-files.ts';
import { joinStream, type TableStream, csvStream } from '../../streams/table-stream.ts';

/** A rating in stars, and whether it is four stars or more. */
export interface MovielensTasks extends Readonly<Record<string, BinaryTask | RegressionTask>> {
  readonly rating: RegressionTask;
  readonly liked: BinaryTask;
}

const BY_HAND =
  'Download ml-1m.zip, ml-25m.zip or ml-32m.zip (Harper and Konstan, TiiS 2015) from https://grouplens.org/datasets/movielens/, unpack ' +
  'it, and name its folder. The data are for research, may not be passed on, and not be used commercially without permission.';

/** Ids with fewer training rows count as unknown: one rating is too few to learn an embedding. */
const RARE = 2;

/** A movie without genres, in the releases with CSV files. */
const NO_GENRES = '(no genres listed)';

/** The format of ml-1m: it has no line of names. Its columns are named as in the later releases. */
const ML_1M = { delimiter: '::', encoding: 'latin1' } as const;

const RATINGS = {
  features: { userId: categorical({ minCount: RARE }), movieId: categorical({ minCount: RARE }) },
  tasks: { rating: regression(), liked: binary({ from: 'rating', above: 3.5 }) } satisfies MovielensTasks,
  keep: ['timestamp'],
};
const MOVIES = { features: { genres: multiValued({ separator: '|' }) }, tasks: {}, keep: ['movieId'] };
const USERS = {
  features: { gender: categorical(), age: categorical(), occupation: categorical() },
  tasks: {},
  keep: ['userId'],
};

/**
 * Streams the ratings of a MovieLens release with the features of movies and users: ml-1m, with its .dat files, or a release with CSV
 * files, such as ml-25m and ml-32m. User and movie are features, and the movie's genres; in ml-1m also gender, age group and
 * occupation. The column `timestamp` is kept. Needs Node.
 *
 * @param directory with ratings.dat, movies.dat and users.dat, or with ratings.csv and movies.csv, each plain, .gz or .br
 * @throws PolytaskError for a file that is missing or can't be read
 * @example
 * const ratings = await movielensStream('ml-1m');
 * const { table } = await sampleStream(ratings, { size: 1_000_000 });
 * const { train, validation, test } = split(table, { validation: 0.1, test: 0.1, seed: 7 });
 */
export async function movielensStream(directory: string): Promise<TableStream<MovielensTasks>> {
  const pathOf = (name: string) => requireFile(directory, name, BY_HAND);
  if (findFile(directory, 'ratings.dat') === undefined) {
    const ratings = csvStream(pathOf('ratings.csv'), RATINGS);
    const movies = await readCsv(pathOf('movies.csv'), { ...MOVIES, missing: [NO_GENRES] });
    return joinStream(ratings, movies, 'movieId');
  }
  const ratings = csvStream(pathOf('ratings.dat'), {
    ...{ ...RATINGS, ...ML_1M },
    header: ['userId', 'movieId', 'rating', 'timestamp'],
  });
  const movies = await readCsv(pathOf('movies.dat'), { ...MOVIES, ...ML_1M, header: ['movieId', 'title', 'genres'] });
  const users = await readCsv(pathOf('users.dat'), {
    ...{ ...USERS, ...ML_1M },
    header: ['userId', 'gender', 'age', 'occupation', 'zip'],
  });
  return joinStream(joinStream(ratings, movies, 'movieId'), users, 'userId');
}
