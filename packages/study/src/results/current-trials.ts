import { defineFinding, type Finding } from '@polytask/components';
import { counted } from '../format.ts';
import { foldsOf } from './folds.ts';
import {
  contentKey,
  type SettingIdentity,
  settingKey,
  trialKey,
  type Work,
  workKey,
  type TrialConfig,
  type TrialResult,
} from './trial-result.ts';

// Results outlive the rows and the code that they are of. A table has only trials that belong together.

/**
 * Leaves out the trials of models that have changed since: their code was another one, or they were declared otherwise under the same
 * label. All trials of a row have one model, which is that of the plan, or else that of the latest trial. Nested folds may have
 * several: the planned ones, or else all.
 *
 * @param planned the keys of the planned trials. Default: none
 */
export function currentTrials(trials: readonly TrialResult[], planned: ReadonlySet<string> = new Set()) {
  const rowOf = (trial: TrialResult) => JSON.stringify([settingKey(trial), trial.setting, trial.model]);
  const modelOf = (trial: TrialResult) => contentKey(trial.config.model);
  const trained = trials.filter(({ epochs }) => epochs > 0); // the others have predictions of their own for each seed
  const ofPlan = trained.filter((each) => planned.has(trialKey(each)));
  const modelOfRow = new Map([...trained, ...ofPlan].map((trial) => [rowOf(trial), modelOf(trial)]));
  const plannedRows = new Set(ofPlan.map(rowOf));
  const isCurrent = (trial: TrialResult) => {
    if (trial.epochs === 0) return true;
    const { search, model } = trial.config;
    const isNested = foldsOf(trial.config) !== undefined && (search !== undefined || model.chosen !== undefined);
    if (isNested) return !plannedRows.has(rowOf(trial)) || planned.has(trialKey(trial));
    return modelOfRow.get(rowOf(trial)) === modelOf(trial);
  };
  return { current: trials.filter(isCurrent), outdated: trials.filter((trial) => !isCurrent(trial)) };
}

const changedSince = /* @__PURE__ */ defineFinding<never, { trials: number; models: readonly string[] }>(
  'outdated-trials',
  {
    says: ({ trials, models }) =>
      `${counted(trials, 'trial')} of ${models.join(', ')} left out: their code, or their declaration, was another one.`,
  },
);

/** Says which trials of a table's results are left out because their models have changed. */
export function outdatedNotes(outdated: readonly TrialResult[]): Finding[] {
  if (outdated.length === 0) return [];
  const models = [...new Set(outdated.map(({ model }) => model))];
  return [changedSince({}, { trials: outdated.length, models })];
}

/** What the `content` of rows begins with whose suite doesn't identify them: a hash without the test rows, which are sealed. */
export const VISIBLE = 'visible-';

/** Says which trials stand although nothing shows whether their test rows are the same. @param there the trials that don't run again */
export function testRowsNotes(there: readonly Pick<TrialResult, 'suite' | 'config'>[]): string[] {
  const of = there.filter(({ config }) => String(config.data['content']).startsWith(VISIBLE));
  if (of.length === 0) return [];
  return [
    `Stored trials of ${of[0]!.suite} count: ${of.length}. Nothing shows whether their test rows are the same, because the ` +
      'suite states no content() of its data. Use --force (force: true) if the test rows have changed.',
  ];
}

/** Says which trials of other runs are not copied, although they seem to be the work of a run. */
export const reuseNotes = (trials: readonly TrialResult[], specs: readonly Work[]): string[] =>
  alikeNotes<Work>(trials, specs, workKey, ['The runs to reuse have', 'They are not copied.']);

/** Says which stored trials are not in the tables of a run, although they have their descriptions. */
export const leftOutNotes = (stored: readonly TrialResult[], settings: readonly SettingIdentity[]): string[] =>
  alikeNotes<SettingIdentity>(stored, settings, settingKey, ['The results have', 'They are not in the tables.']);

/** Counts trials whose keys differ from those of a run by the hashes of rows and code alone. */
function alikeNotes<T extends Pick<SettingIdentity, 'config'>>(
  trials: readonly (T & TrialResult)[],
  own: readonly T[],
  keyOf: (of: T) => string,
  [begin, end]: readonly [string, string],
): string[] {
  const described = (of: T) => keyOf(withoutContent(of));
  const [keys, descriptions] = [new Set(own.map(keyOf)), new Set(own.map(described))];
  const others = trials.filter((trial) => !keys.has(keyOf(trial)) && descriptions.has(described(trial)));
  if (others.length === 0) return [];
  return [`${begin} ${counted(others.length, 'trial')} of other rows or code under the same name. ${end}`];
}

const namesakes = /* @__PURE__ */ defineFinding<never, { tables: number }>('namesakes', {
  says: ({ tables }) =>
    `${counted(tables, 'other table')} of this name, whose rows are other ones or have no content hash.`,
});

/** Says that a table has namesakes, whose rows are others, or have no hash. @param table one of `tables` */
export function namesakeNotes(table: readonly TrialResult[], tables: readonly (readonly TrialResult[])[]): Finding[] {
  const key = descriptionKey(table[0]!);
  const others = tables.filter(([first]) => descriptionKey(first!) === key).length - 1;
  return others === 0 ? [] : [namesakes({}, { tables: others })];
}

/** The `settingKey` without the hash of the rows. */
const descriptionKey = (trial: SettingIdentity): string => settingKey(withoutContent(trial));

/** The configuration of a trial or table without the hashes of its rows and code. */
function withoutContent<T extends { readonly config: object }>(of: T): T {
  const { data, model, ...config } = of.config as Partial<TrialConfig> & Pick<TrialConfig, 'data'>;
  const { content: _, ...described } = data;
  const { code: __, ...built } = (model ?? {}) as Partial<TrialConfig['model']>;
  return { ...of, config: { ...config, data: described, model: built } };
}
