import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { compareRuns, type TaskComparison, type Verdict } from '@polytask/metrics';
import { metricFormat, type Summary, type TrialResult } from '@polytask/study';
import { expect, test } from 'vitest';
import { readResults } from '../trials/run-files.ts';

// The numbers of README.md and docs/results/README.md, computed from the published trials.

const ROOT = new URL('../../../../', import.meta.url);
const README = readFileSync(new URL('README.md', ROOT), 'utf8');
const RESULTS = readFileSync(new URL('docs/results/README.md', ROOT), 'utf8');
const read = new Map<string, Promise<readonly TrialResult[]>>();
const published = (suite: string): Promise<readonly TrialResult[]> => {
  const trials = read.get(suite) ?? readResults(fileURLToPath(new URL(`docs/results/${suite}`, ROOT)));
  read.set(suite, trials);
  return trials;
};

interface Difference {
  readonly mean: number;
  /** Half of the 95% interval. */
  readonly half: number;
  readonly verdict: Verdict;
}

interface Compared {
  readonly seeds: number;
  /** By model and task: the difference from the baseline. Verdicts are corrected for all of them. */
  readonly differences: Readonly<Record<string, Readonly<Record<string, Difference>>>>;
  /** By model: the mean relative gain over the tasks. */
  readonly gains: Readonly<Record<string, number>>;
}

function compared(trials: readonly TrialResult[], metric: string, baseline: string, only?: string): Compared {
  const tasks = Object.keys(trials[0]!.metrics);
  const own = trials.filter(({ model }) => only === undefined || [only, baseline].includes(model));
  const scores: Record<string, Record<string, Record<string, number>>> = {};
  for (const { model, seed, metrics } of own) {
    for (const task of tasks) ((scores[model] ??= {})[task] ??= {})[seed] = metrics[task]![metric]!;
  }
  const { direction } = metricFormat(metric);
  const { models } = compareRuns(
    { baseline, tasks: Object.fromEntries(tasks.map((task) => [task, direction])), scores },
    { resamples: 1 }, // bootstrap intervals aren't needed
  );
  const others = Object.entries(models).map(([model, comparison]) => [model, comparison!] as const);
  return {
    seeds: new Set(own.map(({ seed }) => seed)).size,
    differences: Object.fromEntries(others.map(([model, { tasks }]) => [model, mapped(tasks, differenceOf)])),
    gains: Object.fromEntries(others.map(([model, { gain }]) => [model, gain!.mean.mean])),
  };
}

const mapped = <A, B>(values: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, of(value)]));

const differenceOf = ({ difference: { mean, high }, verdict }: TaskComparison): Difference => ({
  mean,
  half: high - mean,
  verdict,
});

/** `.0002` */
const points = (value: number, digits = 4) => Math.abs(value).toFixed(digits).replace(/^0/, '');

const SIZES = { '6 experts of 128/64': '128/64', '9 experts of 96/48': '96/48' };
const bySize = async (suite: string, metric: string, baseline: string, only?: string) => {
  const trials = await published(suite);
  return Object.keys(SIZES).map((size) =>
    compared(
      trials.filter(({ setting }) => setting === size),
      metric,
      baseline,
      only,
    ),
  );
};

test('AdaTT and separate networks on census-income', { tags: ['long'] }, async () => {
  const [auc, ne] = [
    await bySize('paper-table-5', 'auc', 'single-task'),
    await bySize('paper-table-5', 'ne', 'single-task'),
  ];
  const adatt = auc.map(({ differences }) => differences['adatt']!);
  const led = adatt.flatMap(({ education, income }) => [education!, income!]);
  expect(led.map(({ verdict }) => verdict)).toEqual(led.map(() => 'better'));
  expect(adatt.flatMap((tasks) => Object.values(tasks)).map(({ verdict }) => verdict)).not.toContain('worse');
  const lost = ne.flatMap(({ differences }, s) =>
    Object.entries(differences['adatt']!).flatMap(([task, { verdict }]) =>
      verdict === 'worse' ? [`${task} at ${Object.values(SIZES)[s]}`] : [],
    ),
  );
  const amounts = led.map(({ mean }) => mean);
  expect(README).toContain(
    `| Barely: AUC improves by ${points(Math.min(...amounts))} to ${points(Math.max(...amounts))} on education and income ` +
      `and doesn't drop on any task; NE gets worse on ${lost.join(' and ')} (${auc[0]!.seeds} seeds) |`,
  );
});

test('AdaTT and PLE on census-income', { tags: ['long'] }, async () => {
  const sizes = await bySize('paper-table-5', 'auc', 'ple', 'adatt');
  const [education, income] = ['education', 'income'].map((task) =>
    sizes.map(({ differences }) => points(differences['adatt']![task]!.mean)).join(' and '),
  );
  expect(sizes.every(({ differences: { adatt } }) => adatt!['education']!.mean > 0 && adatt!['income']!.mean > 0)).toBe(
    true,
  );
  expect(README).toContain(
    `| By ${education} AUC on education, ${income} on income (${sizes[0]!.seeds} seeds, not corrected) |`,
  );
});

test('networks with vectors for repeated values, against boosting on all rows of census-income', async () => {
  const guide = readFileSync(new URL('docs/which-model.md', ROOT), 'utf8').replaceAll(/\s+/g, ' ');
  const [values, plain] = await Promise.all(['census-two-tasks-values', 'census-two-tasks'].map(published));
  const income = (trials: readonly TrialResult[], model: string) => {
    const scores = trials.flatMap((trial) => (trial.model === model ? [trial.metrics['income']!['auc']!] : []));
    return points(scores.reduce((sum, score) => sum + score, 0) / scores.length);
  };
  const { differences, seeds } = compared(values!, 'auc', 'gradient-boosting');
  expect(differences['single-task']!['income']!.verdict).toBe('better');
  expect(guide).toContain(
    `better than boosting on income, ${income(values!, 'single-task')} and ${income(values!, 'gradient-boosting')} AUC, if repeated values have vectors (`,
  );
  expect(seeds).toBe(10);
  expect(compared(plain!, 'auc', 'gradient-boosting').differences['single-task']!['income']!.verdict).toBe('worse');
  expect(guide).toContain(
    `With plain numbers boosting was better, ${income(plain!, 'gradient-boosting')} and ${income(plain!, 'single-task')} (20 seeds)`,
  );
});

test("AdaTT's native residual", async () => {
  const sizes = await bySize('ablation-residual', 'auc', 'adatt');
  const without = sizes.map(({ differences }) => differences['adatt, no residual']!['education']!);
  expect(without.map(({ verdict }) => verdict)).toEqual(['worse', 'worse']);
  expect(README).toContain(
    `| ${without.map(({ mean }) => points(mean)).join(' and ')} AUC on education (${sizes[0]!.seeds} seeds) |`,
  );
});

test('AdaTT, PLE and separate networks on KuaiRand-Pure', async () => {
  const trials = await published('kuairand-models');
  const verdicts = (baseline: string, model: string) =>
    Object.values(compared(trials, 'auc', baseline).differences[model]!).map(({ verdict }) => verdict);
  const lost = verdicts('single-task', 'adatt');
  expect(lost.filter((verdict) => verdict !== 'worse')).toEqual(lost.filter((verdict) => verdict === 'no difference'));
  expect(new Set(verdicts('adatt', 'ple'))).toEqual(new Set(['no difference']));
  expect(README).toContain(
    `| Separate networks win ${lost.filter((verdict) => verdict === 'worse').length} of ${lost.length} tasks; ` +
      `AdaTT and PLE don't differ significantly (${new Set(trials.map(({ seed }) => seed)).size} seeds) |`,
  );
});

/** The models with this verdict on their gain, corrected for all gains, by the published summary, which `check-results` computes again. */
function modelsThatAre(verdict: 'better' | 'worse', suite: string): string[] {
  const packed = readFileSync(new URL(`docs/results/${suite}/summary.json.gz`, ROOT));
  const [{ models }] = JSON.parse(gunzipSync(packed).toString()) as [Pick<Summary, 'models'>];
  return models.flatMap(({ model, gain }) => (gain?.verdict === verdict ? [model] : []));
}

/** Models that multiply the rates of steps, which census-income doesn't have. */
const FUNNELS = ['esmm', 'escm2-ips', 'escm2-dr', 'dcmt'];

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

test.each(['fresh', 'larger'])('a network with members and a teacher against boosting, on the %s tables', (board) => {
  const page = readFileSync(new URL(`docs/leaderboard/${board}.md`, ROOT), 'utf8');
  const [better, all, worse] = /better .* on (\d) of (\d) data sets.*worse on (\d)/.exec(page)!.slice(1).map(Number);
  const guide = readFileSync(new URL('docs/which-model.md', ROOT), 'utf8').replaceAll(/\s+/g, ' ');
  const [count, tables] = [NUMBERS[better!]!, NUMBERS[all!]!];
  expect(worse).toBe(0);
  if (board === 'fresh') {
    expect(README).toContain(
      `on the [${tables} tables](docs/which-model.md#against-boosting) that chose this configuration better on ${count} and worse on none (ten other seeds)`,
    );
    expect(guide).toContain(`Measured on ${tables} public tables`);
    expect(guide).toContain(`significantly better than boosting on ${count} of these tables, and worse on none.`);
  } else {
    expect(README).toContain(
      `on [${tables} larger ones](docs/which-model.md#larger-tables) (census-income with two and with three tasks) ` +
        `better on ${count} and worse on none`,
    );
    expect(guide).toContain(`On ${tables} larger tables it is better on ${count} and worse on none.`);
  }
});

test('all architectures on census-income', async () => {
  const { gains, seeds } = compared(await published('related-work'), 'auc', 'single-task');
  const percent = (model: string) => points(100 * gains[model]!, 2);
  expect(modelsThatAre('better', 'related-work').sort()).toEqual(['gradient-boosting', 'pepnet']);
  const worse = modelsThatAre('worse', 'related-work');
  const funnels = worse.filter((model) => FUNNELS.includes(model));
  expect(funnels).toHaveLength(4);
  expect(README).toContain(
    `PEPNet gains ${percent('pepnet')}% of AUC over separate networks, ${worse.length - funnels.length} models lose ` +
      `(and four for funnels, which these tasks aren't), and gradient boosting gains ${percent('gradient-boosting')}% (${Object.keys(gains).length + 1} models, ${seeds} seeds) |`,
  );
});

test('balancers on both data sets', async () => {
  const census = compared(await published('balancing'), 'auc', 'shared-bottom');
  const kuairand = compared(await published('kuairand-balancing'), 'auc', 'shared-bottom');
  const [[best]] = Object.entries(census.gains).sort(([, x], [, y]) => y - x) as [[string, number]];
  expect(best).toBe('shared-bottom + tuned-weights');
  expect(kuairand.gains[best]).toBe(0); // the best of the tried weights are 1
  const controls = ['tuned-weights', 'plain-sum'];
  const balancers = new Set(Object.keys(census.gains).map((label) => label.split(' + ')[1]!.split('@')[0]!));
  const better = modelsThatAre('better', 'kuairand-balancing')
    .map((label) => [label, kuairand.gains[label]!] as const)
    .sort(([, x], [, y]) => y - x);
  expect(better[0]![0]).toBe('shared-bottom + imtl-l');
  const [most, least] = [better[0]!, better.at(-1)!].map(([, gain]) => points(100 * gain, 1));
  expect(better).toHaveLength(6);
  expect(README).toContain(
    `On census-income none beats the plain sum with tuned weights; on KuaiRand-Pure IMTL-L and five more gain ${least}% to ` +
      `${most}% of AUC (${balancers.size - controls.length} balancers, ${census.seeds} seeds) |`,
  );
});

test('scenarios of KuaiRand-Pure', async () => {
  const { gains, seeds } = compared(await published('kuairand-scenarios'), 'auc', 'shared-bottom');
  const percent = (model: string) => Number(Math.abs(100 * gains[model]!).toFixed(1));
  const best = Object.keys(gains).sort((x, y) => gains[y]! - gains[x]!);
  expect([best[0], best.at(-1)]).toEqual(['pepnet', 'network per tab']);
  expect(README).toContain(
    `PEPNet gains ${percent('pepnet')}% of AUC over shared-bottom, ` +
      `and a network per tab loses ${percent('network per tab')}% (${seeds} seeds)`,
  );
});

/** Titles of models in the table of docs/results/README.md. */
const TITLES = {
  AdaTT: 'adatt',
  'AdaTT-sp': 'adatt-sp',
  PLE: 'ple',
  MMoE: 'mmoe',
  'multi-level MMoE': 'ml-mmoe',
  'cross-stitch': 'cross-stitch',
  'shared-bottom': 'shared-bottom',
  'logistic regression': 'logistic-regression',
};

test('the table of differences at both sizes', { tags: ['long'] }, async () => {
  const sizes = await bySize('paper-table-5', 'auc', 'single-task');
  const cell = ({ mean, half, verdict }: Difference) => {
    if (verdict === 'no difference') return 'level';
    const digits = Math.abs(mean) < 5e-5 ? 5 : 4;
    const interval = half.toFixed(digits) === (0).toFixed(digits) ? '' : ` ± ${points(half, digits)}`;
    return `${mean > 0 ? '+' : '−'}${points(mean, digits)}${interval} ${verdict === 'better' ? '▲' : '▼'}`;
  };
  for (const [title, model] of Object.entries(TITLES)) {
    const cells = ['education', 'income', 'marital'].flatMap((task) =>
      sizes.map(({ differences }) => cell(differences[model]![task]!)),
    );
    expect(RESULTS).toContain(`| ${title} | ${cells.join(' | ')} |`);
  }
});
