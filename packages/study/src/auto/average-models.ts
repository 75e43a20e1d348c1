import { mapValues, PolytaskError, sum } from '@polytask/components';
import { ensembleOf } from '@polytask/baselines';
import { ENSEMBLE, selectEnsemble, standardErrorOf, validationScoreOf } from '../predictions/ensemble.ts';
import { type PartPredictions, trialKey } from '../results/trial-result.ts';
import type { Hyperparameters } from '../models/models.ts';
import { selectionMeasure } from '../summary/metric-entries.ts';
import type { VisibleRows } from '../trials/open-data.ts';
import type { TrainedSpec } from '../trials/train-and-test.ts';
import { predictionsOn } from '../trials/train-model.ts';

export interface ScoredModel extends TrainedSpec {
  readonly score: number;
  readonly predictions: PartPredictions;
}

/** How many validation rows weigh as much as the prior that all models are equally good. */
const PRIOR_ROWS = 1000;
/** A model with a smaller share is left out: it costs time and changes little. */
const LEAST_SHARE = 0.02;

export interface ModelAverage {
  readonly members: readonly AverageMember[];
  /** The mean of the selection measure over tasks, on the validation rows. */
  readonly score: number;
  /** The same for the best of the single models. */
  readonly single: number;
  /** The standard error of `score` − `single`. */
  readonly standardError: number;
  /** Whether the average is better by more than a standard error. Otherwise the single model is the result. */
  readonly isChosen: boolean;
}

export interface AverageMember {
  readonly model: string;
  /** Empty for the defaults of the data. */
  readonly values: Hyperparameters;
  readonly weights: Readonly<Record<string, number>>;
}

export async function scoreModel(trained: TrainedSpec, { validation }: VisibleRows): Promise<ScoredModel> {
  const { mode, config } = trained.spec;
  const predictions = await predictionsOn(trained.model, validation, mode);
  const score = validationScoreOf(validation.schema.tasks, predictions, config.training.selection);
  return { ...trained, score, predictions };
}

/**
 * Averages the logits of the trained models. Each task has its weights: those of ensemble selection on its n validation rows (Caruana
 * et al., ICML 2004), with the share n / (n + 1000), and the rest in equal parts, because the search has chosen on the same rows.
 * Undefined if one model has all weights, or models can't be averaged. The caller disposes of the model.
 */
export async function averageModels(
  models: readonly [ScoredModel, ...ScoredModel[]],
  visible: VisibleRows,
): Promise<{ average: ModelAverage; chosen: ScoredModel | undefined } | undefined> {
  const [best] = models;
  if (Number.isNaN(best.score)) return undefined;
  const { spec } = best;
  const { selection } = spec.config.training;
  const { tasks } = visible.validation.schema;
  const candidates = models.flatMap(({ predictions, score }, i) => (Number.isNaN(score) ? [] : [{ i, predictions }]));
  const shares = mapValues(tasks, (task, name) => {
    const byModel = new Map(
      candidates.map(
        ({ i, predictions }) => [String(i), { ...predictions, byTask: { [name]: predictions.byTask[name]! } }] as const,
      ),
    );
    const counts = selectEnsemble({ [name]: task }, byModel, selection);
    const total = sum([...counts.values()]) || 1;
    const prior = PRIOR_ROWS / (PRIOR_ROWS + best.predictions.byTask[name]!.labels.length);
    return (i: number) => {
      const share = ((1 - prior) * (counts.get(String(i)) ?? 0)) / total + prior / candidates.length;
      return share < LEAST_SHARE ? 0 : share;
    };
  });
  const members = candidates.flatMap(({ i }) => {
    const weights = mapValues(shares, (shareOf) => shareOf(i));
    return Object.values(weights).some((weight) => weight > 0) ? [{ ...models[i]!, weights }] : [];
  });
  if (members.length < 2) return undefined;
  const trained = averageIfPossible(members, best);
  if (!trained) return undefined;
  const scored = await scoreModel(trained, visible);
  const standardError = standardErrorOf(tasks, scored.predictions, best.predictions, selection);
  const gain = scored.score - best.score;
  const isChosen = (selectionMeasure(selection).direction === 'higher' ? gain : -gain) > standardError;
  if (!isChosen) trained.model.dispose();
  return {
    chosen: isChosen ? scored : undefined,
    average: {
      ...{ score: scored.score, single: best.score, standardError, isChosen },
      members: members.map(({ spec: { model: label, config: own }, weights }) => ({
        model: label,
        values: own.model.chosen ?? {},
        weights,
      })),
    },
  };
}

type Weighted = TrainedSpec & { readonly weights?: AverageMember['weights'] | number | undefined };

/** One model of trained ones, with the spec of one of them. @throws PolytaskError as `ensembleOf` does */
export function averageOf(members: readonly Weighted[], { spec } = members[0]!): TrainedSpec {
  const model = ensembleOf(members.map(({ model, weights }) => ({ model, weight: weights })));
  const config: TrainedSpec['spec']['config'] = {
    ...spec.config,
    model: { network: model.config.network, ...(model.config.input && { input: model.config.input }), rate: 1 },
  };
  const identity = { ...spec, model: ENSEMBLE, config };
  return {
    spec: { ...identity, key: trialKey(identity) },
    model,
    fitted: { history: [], epochs: 0, warnings: [] },
    seconds: sum(members, ({ seconds }) => seconds),
  };
}

/** @returns undefined where an architecture can't be averaged, such as one with logits that depend on each other */
function averageIfPossible(members: readonly Weighted[], best: TrainedSpec): TrainedSpec | undefined {
  try {
    return averageOf(members, best);
  } catch (error) {
    if (error instanceof PolytaskError) return undefined;
    throw error;
  }
}
