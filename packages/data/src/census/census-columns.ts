/** How a column of the census files is used. `label` columns are what the tasks read; `ignored` ones nobody reads. */
export type CensusRole = 'number' | 'amount' | 'category' | 'label' | 'ignored';

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
