import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { builderOf, checkSpec } from '../specs/registry.ts';
import type { BankParameter } from './bank.ts';
import type { Penalty, PenaltyDefinition, PenaltySpec } from './penalty.ts';
import type { ExpertPlace } from './units.ts';

export interface PenaltiesConfig {
  path: string;
  experts: readonly ExpertPlace[];
  parameters: readonly BankParameter[];
  penalties: readonly PenaltySpec[];
}

/** The penalties of a level, by the names under which their losses are shown. */
export const createPenalties = (store: ParameterStore, config: PenaltiesConfig): [string, Penalty][] =>
  config.penalties.map((spec) => {
    const { path, experts, parameters } = config;
    checkSpec('penalty', spec, path);
    const build = builderOf<PenaltyDefinition<unknown>>(spec);
    const scope = createScope(store, `${path}.${spec.name}`);
    return [spec.name, build({ ...scope, experts, parameters }, spec.config)];
  });
