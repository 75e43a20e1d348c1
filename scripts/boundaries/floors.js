/**
 * The one table of who may use whom. Dependencies point only downwards: a package may import the packages in its row
 * and no others, in sources and in tests alike.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const FLOORS = {
  // The ground: these know nothing of one another.
  core: [],
  metrics: [],
  compile: [],
  balancing: [],
  // On core.
  experts: ['core'],
  gating: ['core'],
  data: ['core'],
  // Above those.
  adatt: ['core', 'experts', 'gating'],
  baselines: ['core', 'experts', 'gating'],
  training: ['core', 'metrics', 'data', 'compile', 'balancing'],
  serving: ['core', 'compile', 'experts', 'gating', 'adatt', 'baselines'],
  reference: ['core', 'experts', 'gating', 'adatt', 'baselines'],
  testing: ['core', 'metrics', 'experts', 'gating', 'training'],
  // On top of all.
  bench: ['core', 'metrics', 'compile', 'balancing', 'experts', 'gating', 'data', 'adatt', 'baselines', 'training', 'serving', 'testing', 'reference'],
};

export const SCOPE = '@polytask/';
