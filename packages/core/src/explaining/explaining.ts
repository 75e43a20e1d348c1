import type { Batch } from '../features/batch.ts';
import { featureParts, type Layout, type PartColumns } from '../features/layout.ts';
import type { MultiTaskModel } from '../model/model.ts';
import type { Shapley } from './coalitions.ts';
import type { TaskScale } from './explained-scale.ts';
import type { Strata } from './strata.ts';

/** Rows whose values unknown features have. */
export interface Background {
  readonly batch: Batch;
  readonly strata: Strata;
}

/** What is explained of some rows. */
export interface Explaining {
  readonly model: MultiTaskModel;
  readonly features: readonly ExplainedFeature[];
  readonly scales: readonly TaskScale[];
  readonly rows: Batch;
  readonly background: Background | undefined;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** How a prediction's difference from its base value is divided among experts and gates. */
export interface ExpertShares {
  /** What the weights of the experts change, and all before them. */
  readonly gates: number;
  readonly units: Readonly<Record<string, number>>;
}

/** The explanation of a row, by task and by number of its prediction. */
export type ExplainedRow = readonly (readonly (Shapley & { readonly experts?: ExpertShares })[])[];

/** A feature with its places in a batch. */
export interface ExplainedFeature {
  readonly name: string;
  readonly parts: readonly PartColumns[];
}

/** The features of a layout. Side columns belong to their sequence. @example explainedFeatures(model.layout).map(({ name }) => name) */
export const explainedFeatures = ({ places }: Layout): ExplainedFeature[] =>
  places
    .filter(({ sequence }) => sequence === undefined)
    .map(({ name }) => ({
      name,
      parts: places.filter((place) => place.name === name || place.sequence === name).flatMap(featureParts),
    }));
