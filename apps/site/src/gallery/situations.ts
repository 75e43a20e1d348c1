/** What a reader has, and the architectures for it. */
export interface Situation {
  /** In `data-for` of a card. */
  readonly id: string;
  readonly title: string;
  readonly models: readonly string[];
  /** Markdown: what to know before choosing. The links are those of a page in `docs`. */
  readonly note: string;
}

/** The filter of the gallery. */
export const SITUATIONS: readonly Situation[] = [
  {
    id: 'few-labels',
    title: 'few labels',
    models: ['shared-bottom', 'mmoe', 'cgc', 'ple', 'adatt', 'aitm', 'self-auxiliaries'],
    note: 'A task with few labels gains if tasks with many labels are like it: [when sharing helps](when-sharing-helps.md).',
  },
  {
    id: 'funnel',
    title: 'a funnel',
    models: ['esmm', 'aitm', 'escm2-ips', 'escm2-dr', 'dcmt', 'dbmtl'],
    note: 'The tasks are steps, such as click, cart and buy: who takes a step took all before it. Declare them in this order.',
  },
  {
    id: 'scenarios',
    title: 'scenarios',
    models: ['pepnet', 'star', 'adapt-dhm', 'sar-net', 'hinet', 'm3oe'],
    note: 'Rows come from several places, such as the tabs of an app. Declare the column as a [context](features.md#contexts).',
  },
  {
    id: 'many-tasks',
    title: 'many tasks',
    models: [
      'mmoe',
      'ml-mmoe',
      'adatt',
      'adatt-sp',
      'home',
      'branched',
      'learned-branching',
      'soft-ordering',
      'relationship-network',
    ],
    note: 'Some tasks may belong together, and others not: [which tasks should share](which-together.md).',
  },
  {
    id: 'conflict',
    title: 'tasks in conflict',
    models: [
      'single-task',
      'cross-stitch',
      'cgc',
      'ple',
      'adatt',
      'adatt-sp',
      'snr-aver',
      'snr-trans',
      'ada-share',
      'mtan',
      'stem',
    ],
    note: 'Compare with `single-task`: separate networks know no conflict. A [balancer](balancing.md) may help a shared network.',
  },
  {
    id: 'sequences',
    title: 'ids and sequences',
    models: ['stem', 'pepnet', 'home', 'shared-bottom', 'mmoe', 'ple', 'adatt', 'adatt-sp'],
    note: 'Every architecture reads [sequences](sequences.md): the input pools them before the first level. These were made for tables of ids.',
  },
  {
    id: 'baseline',
    title: 'nothing to compare with',
    models: ['logistic-regression', 'single-task', 'shared-bottom', 'gradient-boosting'],
    note: 'Begin with these: an architecture is worth its cost if it beats them on your table.',
  },
];

/** The situations of an architecture. */
export const situationsOf = (model: string): Situation[] => SITUATIONS.filter(({ models }) => models.includes(model));

/** The known data sets whose tasks are the steps of a funnel. */
const FUNNELS = ['funnel'];

/** Architectures that take their tasks for the steps of a funnel, whatever they are. DBMTL takes them for an order only. */
const NEED_FUNNEL = ['esmm', 'aitm', 'escm2-ips', 'escm2-dr', 'dcmt'];

/** Why results on a data set say little on an architecture. @returns undefined for a set that fits */
export const misfit = (model: string, set: string): string | undefined =>
  NEED_FUNNEL.includes(model) && !FUNNELS.includes(set)
    ? `The tasks of ${set} aren't the steps of a funnel, as ${model} takes them to be. So the result says little on ${model}.`
    : undefined;
