/**
 * The one table of who may use whom. Dependencies point only downwards: a package may import the packages in its row
 * and no others, in sources and in tests alike; its tests also those of its row in {@link TEST_FLOORS}.
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
  // On core.
  experts: ['core'],
  gating: ['core'],
  data: ['components', 'core'],
  // On core and compile.
  graphs: ['core', 'compile'],
  // Above those.
  training: ['components', 'core', 'metrics', 'data', 'compile', 'balancing', 'graphs'],
  testing: ['core', 'metrics', 'balancing', 'training'],
  adatt: ['core', 'experts', 'gating'],
  baselines: ['core', 'experts', 'gating'],
  serving: ['core', 'compile', 'graphs', 'experts', 'gating', 'adatt', 'baselines'],
  server: ['core', 'data', 'serving', 'experts', 'adatt'],
  reference: ['core', 'experts', 'gating', 'adatt', 'baselines'],
  study: [
    'core',
    'metrics',
    'compile',
    'balancing',
    'graphs',
    'experts',
    'gating',
    'data',
    'adatt',
    'baselines',
    'training',
  ],
  // On top of all.
  bench: [
    'core',
    'metrics',
    'compile',
    'balancing',
    'graphs',
    'experts',
    'gating',
    'data',
    'adatt',
    'baselines',
    'training',
    'serving',
    'server',
    'testing',
    'reference',
    'study',
  ],
  faults: [
    'core',
    'metrics',
    'compile',
    'balancing',
    'graphs',
    'experts',
    'gating',
    'data',
    'adatt',
    'baselines',
    'training',
    'serving',
    'server',
    'testing',
    'reference',
    'study',
    'bench',
  ],
  polytask: [
    'core',
    'metrics',
    'compile',
    'balancing',
    'experts',
    'gating',
    'data',
    'adatt',
    'baselines',
    'training',
    'serving',
    'server',
    'study',
    'bench',
  ],
};

/**
 * What the tests of a package may use beyond its floor, as a devDependency: the conformance kit. It stands on none of
 * them, so that there is no way round: both tables together are free of circles, too.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const TEST_FLOORS = {
  experts: ['testing'],
  gating: ['testing'],
  adatt: ['testing'],
  baselines: ['testing'],
  study: ['testing'],
};

export const SCOPE = '@polytask/';
