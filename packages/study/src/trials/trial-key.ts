import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { TrialConfig, TrialResult } from './trial-result.ts';

/** The identity of a trial, known before it runs. */
export type TrialIdentity = Pick<TrialResult, 'suite' | 'model' | 'seed' | 'engine' | 'config'>;

/** A hash of a trial's suite, model, seed, engine and whole configuration. Equal trials have equal keys. */
export const trialKey = ({ suite, model, seed, engine, config }: TrialIdentity): string =>
  contentKey({ suite, model, seed, engine, config });

/** A hash of all that the trials of one table share: suite, engine and configuration, without model and seed. */
export const settingKey = ({ suite, engine, config }: Pick<TrialResult, 'suite' | 'engine' | 'config'>): string =>
  contentKey({
    suite,
    engine,
    data: config.data,
    training: config.training,
    size: config.size,
    match: config.match,
    search: config.search,
  });

/**
 * A hash of a trial's work: rows, training, seed, engine, and the model as it was built. It does not depend on the names of suite and
 * model, nor on the search that chose the hyper-parameters.
 */
export function workKey({ seed, engine, config }: Pick<TrialIdentity, 'seed' | 'engine' | 'config'>): string {
  const { chosen: _, size: __, ...model } = config.model;
  return contentKey({ seed, engine, data: config.data, training: trainingOf(config), model });
}

/** The training of a trial: that of its setting, with the hyper-parameters that a search chose. */
export function trainingOf({ training, model: { chosen = {} } }: TrialConfig): TrialConfig['training'] {
  const { learningRate = training.learningRate, batchSize = training.batchSize } = chosen as Partial<typeof training>;
  return { ...training, learningRate, batchSize };
}

/** A hash of plain data: the first 16 hexadecimal digits of SHA-256. The order of keys does not matter. */
export const contentKey = (value: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify(value, sortedKeys)))).slice(0, 16);

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
