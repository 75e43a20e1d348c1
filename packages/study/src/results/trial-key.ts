import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isObject } from '@polytask/components';
import { tunedIn } from '../training/choices.ts';
import type { Result, TrialConfig, TrialResult } from './trial-result.ts';

/** The identity of a trial, known before it runs. */
export type TrialIdentity = Pick<TrialResult, 'suite' | 'model' | 'seed' | 'fold' | 'engine' | 'config'>;

/** A hash of a trial's suite, model, seed, fold, engine and whole configuration. Equal trials have equal keys. */
export const trialKey = ({ suite, model, seed, fold, engine, config }: TrialIdentity): string =>
  contentKey({ suite, model, seed, fold, engine, config });

/** A hash of all that the trials of one table share: suite, engine and configuration, without model and seed. */
export function settingKey({ suite, engine, config }: SettingIdentity): string {
  const { data, training, size, match, search } = config;
  return contentKey({ suite, engine, data, training, size, match, search });
}

/** What the trials of a table have in common. */
export type SettingIdentity = Pick<TrialResult, 'suite' | 'engine'> & { readonly config: Omit<TrialConfig, 'model'> };

/** What a trial does, whatever its suite and model are called. */
type Work = Pick<TrialIdentity, 'seed' | 'fold' | 'engine' | 'config'>;

/**
 * A hash of a trial's work: rows, training, seed, fold, engine, and the model as it was built. It does not depend on the names of suite and
 * model, nor on the search that chose the hyper-parameters.
 */
export function workKey({ seed, fold, engine, config }: Work): string {
  const { chosen: _, size: __, ...model } = config.model;
  return contentKey({ seed, fold, engine, data: config.data, training: trainingOf(config), model });
}

/** A hash of all that a score on the validation rows depends on. Searches of several tables share the score of equal work. */
export const scoreKey = (trial: Work & { readonly mode: string }): string => contentKey([workKey(trial), trial.mode]);

/** A key that is equal for two equal trials of one table. Two tables may share a trial: each table has its own line. */
export const lineKey = (trial: TrialIdentity & Pick<TrialResult, 'setting'>): string =>
  lineOf(trial.setting ?? '', trialKey(trial));

/** The {@link lineKey} of a trial of a table. @param setting the table's title @param key the trial's `trialKey` */
export const lineOf = (setting: string, key: string): string => contentKey([setting, key]);

/** A trial that is planned: its result will have this place. */
type PlannedResult = TrialIdentity & { readonly measures: 'validation' | 'test'; readonly key: string; readonly setting: string };

/** The place of a result in a store. A table has its own line of each trial; a score belongs to all tables that try the configuration. */
export const placeOf = (result: Result | PlannedResult): string =>
  'measures' in result && result.measures === 'validation' ? result.key : lineKey(result as TrialResult);

/** The results without repetitions: of several with one {@link placeOf} the last one, at the position of the first. */
export const lastOfEach = <R extends Result>(results: readonly R[]): R[] => [
  ...new Map(results.map((result) => [placeOf(result), result])).values(),
];

/** The training of a trial: that of its setting, with the hyper-parameters that a search chose. */
export function trainingOf({ training, model: { chosen = {} } }: TrialConfig): TrialConfig['training'] {
  return { ...training, ...tunedIn(chosen) } as TrialConfig['training'];
}

/** A hash of plain data: the first 16 hexadecimal digits of SHA-256. The order of keys does not matter. */
export const contentKey = (value: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify(value, sortedKeys)))).slice(0, 16);

const sortedKeys = (_: string, value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
