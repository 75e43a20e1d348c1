import { type NetworkSpec, PolytaskError, sharesLayers } from '@polytask/core';
import type { TrialResult } from './trial-result.ts';

/**
 * Whether the model of a trial shares layers between its tasks. An older result doesn't say: its stored network does.
 *
 * @returns undefined if nobody knows: for an ensemble, a model that was trained elsewhere, or an architecture that isn't imported
 * @example sharesLayersOf(trial); // false for single-task, with any experts and any balancer
 */
export function sharesLayersOf({
  sharesLayers: told,
  config,
  metrics,
}: Pick<TrialResult, 'sharesLayers' | 'config' | 'metrics'>): boolean | undefined {
  const { network } = config.model;
  if (told !== undefined || !isNetwork(network)) return told;
  try {
    return sharesLayers(network, Object.keys(metrics));
  } catch (error) {
    if (error instanceof PolytaskError) return undefined;
    throw error;
  }
}

const isNetwork = (value: unknown): value is NetworkSpec =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'network';
