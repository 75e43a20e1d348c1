/**
 * The one table of who may use whom. Dependencies point only downwards: a package may import the packages in its row and
 * all that lies below them ({@link floorOf}), in sources and in tests alike; its tests also those of {@link TEST_FLOORS}.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const FLOORS = {
  // The ground: these know nothing of one another.
  components: [],
  compile: [],
  'create-polytask': [],
  // On what describes components.
  core: ['components'],
  metrics: ['components'],
  balancing: ['components'],
  boosting: ['components'],
  // On core.
  experts: ['core'],
  gating: ['core'],
  data: ['core'],
  graphs: ['core', 'compile'],
  // Above those.
  training: ['metrics', 'balancing', 'data', 'graphs'],
  testing: ['training'],
  adatt: ['experts', 'gating'],
  baselines: ['experts', 'gating', 'boosting'],
  serving: ['graphs', 'adatt', 'baselines'],
  server: ['data', 'metrics', 'serving'],
  reference: ['adatt', 'baselines'],
  study: ['training', 'adatt', 'baselines'],
  // On top of all.
  bench: ['study', 'server', 'testing', 'reference'],
  faults: ['bench'],
  polytask: ['bench'],
};

/**
 * What the tests of a package may use beyond its floor, as a devDependency: the conformance kit. It stands on none of
 * them, so that there is no way round: both tables together are free of circles, too.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const TEST_FLOORS = {
  boosting: ['metrics'],
  experts: ['testing'],
  gating: ['testing'],
  adatt: ['testing'],
  baselines: ['testing'],
  study: ['testing'],
};

/** All packages that a package may use. @param {string} name @returns {string[]} */
export const floorOf = (name) => [...new Set((FLOORS[name] ?? []).flatMap((below) => [below, ...floorOf(below)]))];

export const SCOPE = '@polytask/';
