import { binary, fail, suggestion, type BinaryTask } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';
import { categorical, numeric, type FeatureDeclaration } from '../declarations/features.ts';

/** How a column of the census files is used. `label` columns are what the tasks read; `ignored` ones nobody reads. */
type CensusRole = 'number' | 'amount' | 'category' | 'label' | 'ignored';

/**
 * The 42 columns of census-income.data and .test in their order, by the names that the multi-task papers use. Numbers and
 * categories are those of census-income.names: industry and occupation codes, the own-business and veterans codes and the
 * year are categories. Amounts are numbers with a heavy tail (money; zero for most), read by their logarithm.
 */
export const CENSUS_COLUMNS = {
  age: 'number',
  class_worker: 'category',
  det_ind_code: 'category',
  det_occ_code: 'category',
  education: 'label',
  wage_per_hour: 'amount',
  hs_college: 'category',
  marital_stat: 'label',
  major_ind_code: 'category',
  major_occ_code: 'category',
  race: 'category',
  hisp_origin: 'category',
  sex: 'category',
  union_member: 'category',
  unemp_reason: 'category',
  full_or_part_emp: 'category',
  capital_gains: 'amount',
  capital_losses: 'amount',
  stock_dividends: 'amount',
  tax_filer_stat: 'category',
  region_prev_res: 'category',
  state_prev_res: 'category',
  det_hh_fam_stat: 'category',
  det_hh_summ: 'category',
  instance_weight: 'ignored',
  mig_chg_msa: 'category',
  mig_chg_reg: 'category',
  mig_move_reg: 'category',
  mig_same: 'category',
  mig_prev_sunbelt: 'category',
  num_emp: 'number',
  fam_under_18: 'category',
  country_father: 'category',
  country_mother: 'category',
  country_self: 'category',
  citizenship: 'category',
  own_or_self: 'category',
  vet_question: 'category',
  vet_benefits: 'category',
  weeks_worked: 'number',
  year: 'category',
  income_50k: 'label',
} as const satisfies Record<string, CensusRole>;

/** The values of `education` from the highest down, as far as the task's options go. */
export const DEGREES = {
  bachelor: [
    'Bachelors degree(BA AB BS)',
    'Masters degree(MA MS MEng MEd MSW MBA)',
    'Prof school degree (MD DDS DVM LLB JD)',
    'Doctorate degree(PhD EdD)',
  ],
  associate: ['Associates degree-occup /vocational', 'Associates degree-academic program'],
  'some-college': ['Some college but no degree'],
} as const;

/** The three tasks of the AdaTT and PLE papers. */
export type CensusTasks = {
  /** A degree of the chosen level or more. */
  readonly education: BinaryTask;
  /** More than 50,000 dollars. */
  readonly income: BinaryTask;
  /** Never married. */
  readonly marital: BinaryTask;
};

export interface CensusChoices {
  /**
   * The least degree that counts as yes. The papers' "at least college" is nowhere defined; the default, `bachelor`, has
   * 14.8% of the training rows, `associate` 19.6%, `some-college` 33.6%.
   */
  readonly education?: keyof typeof DEGREES;
  /**
   * Features to leave out. `det_hh_fam_stat`, `det_hh_summ` and `tax_filer_stat` nearly give marital status away; the
   * papers keep them, and so does the default.
   */
  readonly drop?: readonly string[];
}

/** Features and tasks of the census files: 7 numbers and 31 categories, less those that are dropped. */
export function censusDeclaration({ education = 'bachelor', drop = [] }: CensusChoices = {}): Declaration<CensusTasks> {
  const features = Object.fromEntries(
    Object.entries(CENSUS_COLUMNS).flatMap(([name, role]) => {
      const feature = featureOf(role);
      return feature ? [[name, feature]] : [];
    }),
  );
  for (const name of drop) {
    if (!(name in features)) {
      fail({
        expected: 'names of features to drop',
        received: JSON.stringify(name),
        mend: suggestion(name, Object.keys(features)),
      });
    }
    delete features[name];
  }
  return {
    features,
    tasks: {
      education: binary({ from: 'education', positive: degreesFrom(education) }),
      income: binary({ from: 'income_50k', positive: '50000+.' }),
      marital: binary({ from: 'marital_stat', positive: 'Never married' }),
    },
  };
}

function featureOf(role: CensusRole): FeatureDeclaration | undefined {
  if (role === 'number') return numeric();
  if (role === 'amount') return numeric({ log: true });
  return role === 'category' ? categorical() : undefined;
}

function degreesFrom(level: keyof typeof DEGREES): string[] {
  const levels = Object.keys(DEGREES) as (keyof typeof DEGREES)[];
  if (!levels.includes(level)) {
    fail({
      expected: `education to be one of ${levels.map((each) => `'${each}'`).join(', ')}`,
      received: JSON.stringify(level),
      mend: suggestion(level, levels),
    });
  }
  return levels.slice(0, levels.indexOf(level) + 1).flatMap((each) => [...DEGREES[each]]);
}
