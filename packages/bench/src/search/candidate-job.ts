import type { Contestant } from '../models/model-entry.ts';
import type { SuitePlan } from '../plan-suite.ts';
import { jobsOf, type OpenSetting, type RunEngine } from '../trials/declare-trials.ts';
import type { TrialJob } from '../trials/trial-job.ts';
import { contentKey } from '../trials/trial-key.ts';
import type { Hyperparameters } from './space.ts';

/** The training of a configuration, and the key of all that its score depends on. */
export interface CandidateJob {
  readonly key: string;
  readonly job: TrialJob;
}

/** @throws PolytaskError when the configuration can't be built */
export function candidateJob(
  open: OpenSetting,
  contestant: Contestant,
  values: Hyperparameters,
  epochs: number,
  { plan, engine }: { readonly plan: SuitePlan; readonly engine: RunEngine },
): CandidateJob {
  const [{ identity, job }] = jobsOf(
    open,
    plan,
    engine,
    [contestant],
    [plan.searchSeed],
    new Map([[contestant.label, values]]),
  ) as [ReturnType<typeof jobsOf>[number]];
  const short = { ...job, training: { ...job.training, epochs } };
  return {
    key: contentKey({ data: identity.config.data, engine: engine.name, job: { ...short, request: undefined } }),
    job: short,
  };
}
