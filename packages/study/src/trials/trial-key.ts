import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { TrialConfig, TrialResult } from './trial-result.ts';

/** What a trial is, before it is run. */
export type TrialIdentity = Pick<TrialResult, 'suite' | 'model' | 'seed' | 'engine' | 'config'>;

/** Equal for two trials exactly when they are the same: suite, model, seed, engine and the whole configuration. */
export const trialKey = ({ suite, model, seed, engine, config }: TrialIdentity): string =>
  contentKey({ suite, model, seed, engine, config });

/** Equal for trials that may stand in one table: all but model and seed is the same. */
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
 * Equal for trials that do the same work, whatever they are called and whichever suite they belong to: rows, training, seed,
 * engine, and the model as it was built. How its hyper-parameters were found is no part of it.
 */
export function workKey({ seed, engine, config }: Pick<TrialIdentity, 'seed' | 'engine' | 'config'>): string {
  const { chosen: _, size: __, ...model } = config.model;
  return contentKey({ seed, engine, data: config.data, training: trainingOf(config), model });
}

/** How the model of a trial is trained: as its setting says, with what a search has chosen instead. */
export function trainingOf({ training, model: { chosen = {} } }: TrialConfig): TrialConfig['training'] {
  const { learningRate = training.learningRate, batchSize = training.batchSize } = chosen as Partial<typeof training>;
  return { ...training, learningRate, batchSize };
}

/** A hash of plain data in which the order of keys doesn't count. */
export const contentKey = (value: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify(value, sortedKeys)))).slice(0, 16);

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
