import type { ModelVariant } from '../models/model-variant.ts';
import { plan, type OpenSetting } from '../trials/plan.ts';
import { contentKey, trainingOf } from '../trials/trial-key.ts';
import type { TrialSpec } from '../trials/trial-spec.ts';
import type { Hyperparameters } from './space.ts';

/**
 * The training of a configuration, on the rows of the suite's first seed. Its key is of all that its score depends on.
 *
 * @throws PolytaskError when the configuration can't be built
 */
export function candidateSpec(
  open: OpenSetting,
  model: ModelVariant,
  values: Hyperparameters,
  epochs: number,
): TrialSpec {
  const [spec] = plan(open, [model], [open.suite.searchSeed], new Map([[model.label, values]])) as [TrialSpec];
  const { seed, engine, mode } = spec;
  const config = { ...spec.config, training: { ...spec.config.training, epochs } };
  const { rate, balancing, size: _, chosen: __, ...parts } = config.model;
  const job = { seed, parts, balancing, training: trainingOf(config), rate, engine: mode };
  return { ...spec, config, key: contentKey({ data: config.data, engine, job }) };
}
