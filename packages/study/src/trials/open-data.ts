import { fail, recordOf, notKnown } from '@polytask/components';
import { type Examples, labelsInOrder, type MultiTaskModel, sha256Of, type Tasks } from '@polytask/core';
import { encode, rowHashes } from '@polytask/data';
import type { SuiteData, SuiteEntry, TrialData } from '../suites/suite-entry.ts';
import { VISIBLE } from '../results/current-trials.ts';
import { mapRows, settingsOf, withSettings, withTrials } from '../suites/data-settings.ts';
import type { DataRequest, TrialSpec } from './trial-spec.ts';
import { carriedGroups, type GivenPredictions } from '@polytask/training';
import { type ExternalPredictions, meanOf } from '../predictions/external-predictions.ts';

/** Gives the data and the rows of requests. */
export interface OpenedData {
  /** The data of a request. Unless its rows are known, its description has their hash: `config.content`. */
  data(request: DataRequest): Promise<SuiteData>;
  /**
   * The rows of one seed, or of one fold of its folds.
   *
   * @param content the hash of the rows that a plan was made for. Default: any rows
   * @param fold its number, for a request with folds
   * @throws PolytaskError for other rows
   */
  rows(request: DataRequest, seed: number, content?: string, fold?: number): Promise<TrialData>;
  /** Undefined where there are no files. */
  readonly openTeacher?: OpenTeacher | undefined;
}

/** Opens the teacher of a trial: a trained model, or predictions, whose mean teaches. @throws PolytaskError when it can't teach the trial */
export type OpenTeacher = (spec: TrialSpec, tasks: Tasks) => Promise<MultiTaskModel | readonly ExternalPredictions[]>;

/**
 * Opens data and caches the latest of each: trials of one seed follow each other, and share their rows.
 *
 * @param find finds the suite that opens the data of a request
 * @param openTeacher opens teachers from outside. Default: none can be opened
 * @example const data = openData(() => Promise.resolve(suite.entry));
 */
export function openData(find: (request: DataRequest) => Promise<SuiteEntry>, openTeacher?: OpenTeacher): OpenedData {
  const dataCache = lastOf<Promise<{ readonly data: SuiteData; content(): Promise<string | undefined> }>>();
  const rowCache = lastOf<TrialData>();
  const rowsOf = (data: SuiteData, request: DataRequest, seed: number, fold?: number) =>
    rowCache(JSON.stringify([request, seed, fold]), () => withTasks(data, request.tasks).trial(seed, fold));
  const open = (ofTasks: DataRequest) => {
    const request = { ...ofTasks, tasks: undefined };
    return dataCache(JSON.stringify(request), async () => {
      const row = await find(request);
      const { own, ofAllData } = settingsOf(request.data);
      const data = withSettings(await row.open({ ...request, data: own }), ofAllData);
      let content: Promise<string> | undefined; // of known rows it stays undefined
      const hashed = () =>
        data.content?.() ?? visibleContent(rowsOf(data, request, row.defaults.seeds[0] ?? 1, request.folds && 1));
      return { data, content: async () => (row.hasKnownRows ? undefined : (content ??= hashed())) };
    });
  };
  return {
    openTeacher,
    async data(request) {
      const opened = await open(request);
      const content = await opened.content();
      const { data } = opened;
      const described = content === undefined ? data : { ...data, config: { ...data.config, content } };
      return withTasks(described, request.tasks);
    },
    async rows(request, seed, content, fold) {
      const opened = await open(request);
      if (content !== undefined && content !== (await opened.content()))
        fail({
          expected: `the rows of ${request.suite} that the run began with`,
          received: 'other ones, because a file was changed since',
          fix: 'Run the command again: it trains on the new rows.',
        });
      return rowsOf(opened.data, request, seed, fold);
    },
  };
}

/** The rows of a trial, with its teacher. @throws PolytaskError when they aren't those that it was planned for */
export async function rowsOfSpec(data: OpenedData, spec: TrialSpec): Promise<TaughtData> {
  const { request, seed, fold, config } = spec;
  const rows = await data.rows(request, seed, config.data['content'] as string | undefined, fold);
  const { openTeacher } = data;
  if (!openTeacher || !spec.teacher) return rows;
  const teacher = async () => {
    const model = await openTeacher(spec, rows.train.schema.tasks);
    if ('length' in model) return { predictions: meanOf(model, rows, config.data, seed).train.byTask };
    const isAlike = JSON.stringify(model.schema.features) === JSON.stringify(rows.train.schema.features);
    const raw = isAlike ? undefined : rows.raw?.().train; // rows that were made encoded must be alike
    return { model, rows: raw ? (encode(raw, model.schema) as Examples) : rows.train };
  };
  return { ...rows, teacher };
}

/** A hash of encoded training and validation rows, and of the schema: labels have its units. The test rows stay sealed. */
async function visibleContent(data: TrialData): Promise<string> {
  const parts = [data.train, data.validation];
  const hashes = parts.map((rows) => new Uint8Array(rowHashes(rows, Object.keys(rows.schema.tasks)).buffer));
  const about = parts.map(({ size, schema }) => ({ size, schema }));
  return `${VISIBLE}${(await sha256Of([new TextEncoder().encode(JSON.stringify(about)), ...hashes])).slice(0, 16)}`;
}

/** A cache of one entry: the latest key. */
function lastOf<V>(): (key: string, make: () => V) => V {
  let last: { readonly key: string; readonly value: V } | undefined;
  return (key, make) => {
    if (last?.key !== key) last = { key, value: make() };
    return last.value;
  };
}

/** The data with some of its tasks only, without the labels of the others. */
function withTasks(data: SuiteData, names: readonly string[] | undefined): SuiteData {
  if (names === undefined) return data;
  return {
    ...withTrials(data, { tasks: names }, (trial) => mapRows(trial, (examples) => restrict(examples, names))),
    tasks: pick(data.tasks, names),
    notes: () => (data.notes?.() ?? []).filter(({ about: { task } }) => task === undefined || names.includes(task)),
  };
}

const restrict = (examples: Examples, names: readonly string[]): Examples => ({
  schema: { ...examples.schema, tasks: pick(examples.schema.tasks, names) },
  size: examples.size,
  batch(rows) {
    const batch = examples.batch(rows);
    return { ...batch, ...labelsInOrder(batch, names) };
  },
});

const pick = <V>(all: Readonly<Record<string, V>>, names: readonly string[]): Record<string, V> =>
  recordOf(names, (name) =>
    Object.hasOwn(all, name) ? all[name]! : notKnown(name, Object.keys(all), 'a task of the data'),
  );

/** The rows for training, and for the choice of epochs and configurations. */
export interface VisibleRows extends Pick<TrialData, 'trainUnits'> {
  readonly train: Examples;
  readonly validation: Examples;
  /** Opens the teacher from outside. Default: none. */
  readonly teacher?: (() => Promise<Teacher>) | undefined;
}

/** A trained model with the training rows as it encodes them, which the caller disposes of; or predictions of the training rows. */
export type Teacher = { readonly model: MultiTaskModel; readonly rows: Examples } | GivenPredictions;

export type TaughtData = TrialData & Pick<VisibleRows, 'teacher'>;

/** The test rows of one trial. */
export interface TestRows {
  readonly rows: Examples;
  readonly groups: ArrayLike<number> | undefined;
  readonly derive?: TrialData['derive'];
}

/** The training and validation rows, without the test rows. A search gets these. */
export const visibleRows = ({ train, validation, trainUnits, teacher }: TaughtData): VisibleRows => ({
  ...{ train, validation },
  ...(trainUnits && { trainUnits }),
  ...(teacher && { teacher }),
});

/** The rows of a trial, whose test rows can be opened once. */
export type SealedRows = VisibleRows & { test(): TestRows };

/**
 * Seals the test rows of a trial, so that no choice can depend on them.
 *
 * @returns `test` throws a PolytaskError at its second call
 * @example const { train, test } = sealedRows(await data.rows(request, 1));
 */
export function sealedRows(data: TaughtData): SealedRows {
  let isOpen = false;
  return {
    ...visibleRows(data),
    test() {
      if (isOpen)
        fail({
          expected: 'the test rows of a trial to be opened once',
          received: 'a second time',
          fix: 'Choose on the validation rows, and measure after that.',
        });
      isOpen = true;
      return testRowsOf(data);
    },
  };
}

/** The test rows of a trial, with the groups that the trial names, or else those that the rows carry. */
export function testRowsOf({ test, testGroups, derive }: TrialData): TestRows {
  const rows = test();
  return { rows, groups: testGroups ?? carriedGroups(rows), derive };
}
