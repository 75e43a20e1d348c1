import { isDeepStrictEqual } from 'node:util';
import { matchedSizes } from '../budgets/budget.ts';
import { partsOf } from '../models/model-entry.ts';
import type { SuitePlan } from '../plan-suite.ts';
import type { RunOptions } from '../run-options.ts';
import type { OpenedData } from './open-data.ts';
import { selectionFor } from './run-trial.ts';
import type { DataRequest, TrialJob } from './trial-job.ts';
import { settingKey, type TrialIdentity } from './trial-key.ts';

/** A trial before it is run: what it will be called, and what is to be done. */
export interface DeclaredTrial {
  readonly setting: string;
  readonly identity: TrialIdentity;
  readonly job: TrialJob;
}

/** All trials of a table. */
export interface DeclaredSetting {
  readonly title: string;
  readonly key: string;
  /** What is odd about its data. */
  readonly notes: readonly string[];
  readonly trials: readonly DeclaredTrial[];
}

/** What a run's engine is called, and how it trains. */
export interface RunEngine {
  readonly name: string;
  readonly training: TrialJob['engine'];
}

/** All trials, seed by seed: each seed's rows are made once, and a stopped run has whole seeds. */
export async function declareTrials(plan: SuitePlan, { directory, limitRows }: RunOptions, opened: OpenedData, engine: RunEngine): Promise<DeclaredSetting[]> {
  const { suite, settings, contestants, known: candidates, seeds, training } = plan;
  const declared: DeclaredSetting[] = [];
  for (const { title, data, tasks, size, match } of settings) {
    const request: DataRequest = { suite: suite.row.name, files: suite.files, directory, limitRows, data, tasks };
    const known = await opened.data(request);
    const common = { data: known.config, training: { ...training, selection: selectionFor(known.tasks) }, size, ...(match && { match }) };
    const names = Object.keys(known.tasks);
    const schema = match === undefined ? undefined : (await opened.rows(request, seeds[0]!)).train.schema;
    const sizes = match && schema ? matchedSizes(contestants, { size, match, schema, candidates }) : contestants.map((contestant) => ({ ...size, ...contestant.size }));
    const built = contestants.map((contestant, i) => ({ contestant, own: sizes[i]!, parts: partsOf({ ...contestant, size: {} }, sizes[i]!, names) }));
    const trials = seeds.flatMap((seed) =>
      built.map(({ contestant: { label, row }, own, parts }): DeclaredTrial => {
        const { rate = 1 } = row;
        const model = { ...parts, rate, ...(!isDeepStrictEqual(own, size) && { size: own }) };
        return {
          setting: title,
          identity: { suite: suite.name, model: label, seed, engine: engine.name, config: { ...common, model } },
          job: { request, seed, parts, training: common.training, rate, engine: engine.training },
        };
      }),
    );
    declared.push({ title, notes: known.notes?.() ?? [], key: settingKey(trials[0]!.identity), trials });
  }
  return declared;
}
