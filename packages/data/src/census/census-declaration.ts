import { binary, fail, suggestion, type BinaryTask } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';
import { categorical, numeric, type FeatureDeclaration } from '../declarations/features.ts';
import { CENSUS_COLUMNS, DEGREES, type CensusRole } from './census-columns.ts';

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
