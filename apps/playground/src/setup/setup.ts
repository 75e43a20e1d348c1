import '@polytask/balancing'; // the balancers define themselves
import { expertVariants, gateVariants } from '@polytask/core';
import { balancers, type ModelEntry, type ModelReference, models } from '@polytask/study';
import { choiceField, type Field, listField, numberField } from './field.ts';

/** Where the rows come from. */
export type Source = 'synthetic' | 'census' | 'file';

/** Entries of the list of models that no row of study's table has. */
const VARIANTS: Readonly<Record<string, ModelEntry>> = {
  'adatt-without-residual': { model: 'adatt', as: 'adatt-without-residual', network: { residual: false } },
};

/** What a visitor can choose as a model, with a sentence on each. */
export const modelChoices = (): readonly { readonly name: string; readonly description: string }[] => [
  ...models(),
  { name: 'adatt-without-residual', description: 'AdaTT without the constant weights of its native experts' },
];

/** The model of a name, as options name it. */
export const modelText = (name: string): string => (name === 'adatt-without-residual' ? 'adatt(residual=false)' : name);

/** The model of a name, as suites declare it. */
export const modelOf = (name: string): ModelReference => VARIANTS[name] ?? name;

/** No further expert, gate or balancer than the models' own. */
export const NONE = '';

const namesOf = (rows: readonly { readonly name: string }[]) => [NONE, ...rows.map(({ name }) => name)];

/** The fields of a setup. The address of the page has each field that isn't at its initial value. */
export const FIELDS = {
  source: choiceField<Source>('synthetic', () => ['synthetic', 'census', 'file']),
  tasks: numberField(2, 2, 4, 1),
  /** Of the tasks' weight vectors. */
  correlation: numberField(0.8, 0, 1, 0.05),
  /** The share of the input space in which every second task is turned round. */
  conflict: numberField(0, 0, 0.5, 0.05),
  /** The standard deviation of the labels' noise. */
  noise: numberField(0.1, 0, 1, 0.05),
  /** The share of training rows with a label of the first task. */
  labels: numberField(1, 0.02, 1, 0.02),
  rows: numberField(4000, 500, 8000, 500),
  models: listField(['single-task', 'mmoe', 'adatt'], () => modelChoices().map(({ name }) => name)),
  /** An expert that each model is tried with besides its own. */
  expert: choiceField<string>(NONE, () => namesOf(expertVariants())),
  gate: choiceField<string>(NONE, () => namesOf(gateVariants())),
  balancer: choiceField<string>(NONE, () => namesOf(balancers())),
  /** Whether each model is trained at several weights of the first task. */
  tradeOffs: choiceField<'no' | 'yes'>('no', () => ['no', 'yes']),
  levels: numberField(2, 1, 3, 1),
  /** The width of the experts of the first level. Each next level has half of it. */
  width: numberField(32, 8, 128, 8),
  /** Experts a level, in all. */
  experts: numberField(4, 2, 12, 1),
  epochs: numberField(20, 1, 100, 1),
  seeds: numberField(5, 1, 20, 1),
} satisfies Readonly<Record<string, Field<never> | Field<number> | Field<readonly string[]> | Field<string>>>;

/** What a visitor asks for. */
export type Setup = { readonly [K in keyof typeof FIELDS]: (typeof FIELDS)[K]['initial'] };

export type FieldName = keyof Setup;

/** The fields with a number. */
export type NumberName = { [K in FieldName]: Setup[K] extends number ? K : never }[FieldName];

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

/** The setup of a page without an address. */
export const initialSetup = Object.fromEntries(
  FIELD_NAMES.map((name) => [name, FIELDS[name].initial]),
) as unknown as Setup;
