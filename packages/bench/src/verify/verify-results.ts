import { anything, fail, optional, readOptions, text, wholeNumber } from '@polytask/components';
import type { FromDescription, Option, Written } from '@polytask/components';
import {
  contentKey,
  createSuite,
  foldsOf,
  openData,
  type OpenedData,
  openSetting,
  resolveSuite,
  rowsOfSpec,
  runTrial,
  sealedRows,
  type Suite,
  suiteChoices,
  type TrialEngine,
  trialKey,
  type TrialResult,
  trialsOfStudy,
  type TrialSpec,
  trialText,
} from '@polytask/study';
import { environment, startEngine } from '../engines.ts';
import { outsideCode, loadPlugins } from '../modules/imported-modules.ts';
import { engineOptions } from '../run-options.ts';
import { suiteLoader } from '../suites/load-suite.ts';
import { findPlan, readResults } from '../trials/run-files.ts';

const description = {
  /** The suite of the results: its name or file. Of results of several suites, its own are repeated. Default: the name in the results. */
  suite: optional(text),
  /** How many trials to repeat. */
  trials: optional(wholeNumber(1), 3),
  /** Called after each trial. */
  onTrial: optional(anything as Option<(trial: VerifiedTrial) => void>),
  signal: optional(anything as Option<AbortSignal>),
  ...{ directory: suiteChoices.directory, limitRows: suiteChoices.limitRows },
  ...{ plugins: engineOptions.plugins, access: engineOptions.access },
};

export interface VerifyOptions extends Written<typeof description>, FromDescription {}

/** A trial that was repeated. */
export interface VerifiedTrial {
  readonly trial: TrialResult;
  /** The largest absolute difference of a metric on the test rows, and the metric. 0 for the same bits. */
  readonly difference: number;
  readonly task: string;
  readonly metric: string;
  /** Both versions of each package that has changed since the results, and `code of MODEL` where plugins have other code. */
  readonly versions: Readonly<Record<string, readonly [before: string, now: string]>>;
}

/**
 * Repeats some trials of a directory, and compares their metrics. Those of the last table are first, before those of earlier rows or code
 * that the directory has, too. They are chosen by their keys, so that every reader of the same results repeats the same ones. On the same engine and machine the metrics have the same bits.
 *
 * @param directory the `out` directory of a run
 * @throws PolytaskError when the data are other ones than in the results, or an engine doesn't run here
 * @example const [{ difference }] = await verifyResults('results', { directory: 'data/census', trials: 1 });
 */
export async function verifyResults(directory: string, options: VerifyOptions = {}): Promise<VerifiedTrial[]> {
  const read = readOptions(options, description, 'verifyResults');
  const { trials: count, plugins: named = [], access, onTrial, signal, suite, ...others } = read;
  const plugins = await loadPlugins(named);
  const [stored, started] = [await readResults(directory), await findPlan(directory)];
  const inTable = new Set(started ? trialsOfStudy(started.plan, stored).current : stored);
  const sample = (await ofSuite(stored, suite, access))
    .filter(({ epochs }) => epochs > 0) // the others were not trained here
    .sort((a, b) => Number(inTable.has(b)) - Number(inTable.has(a)) || (trialKey(a) < trialKey(b) ? -1 : 1))
    .slice(0, count);
  const verified: VerifiedTrial[] = [];
  let latest: { readonly of: string; readonly suite: Suite; readonly data: OpenedData } | undefined;
  for (const trial of sample) {
    const engine = await startEngine(trial.engine);
    const folds = foldsOf(trial.config);
    const of = JSON.stringify([trial.suite, folds]);
    if (latest?.of !== of) {
      const choices = { ...others, suite: suite ?? trial.suite, folds };
      const opened = await createSuite(choices, suiteLoader(access));
      latest = { of, suite: opened, data: openData(() => Promise.resolve(opened.entry)) };
    }
    const spec = await specOf(trial, latest.suite, engine, latest.data);
    const rows = sealedRows(await rowsOfSpec(latest.data, spec));
    const repeated = await runTrial(rows, spec, environment(engine.name), { signal });
    const code = (await outsideCode(plugins))(spec.config);
    const result = compared(trial, repeated, code);
    onTrial?.(result);
    verified.push(result);
  }
  return verified;
}

/** The trials of a suite, where a directory has those of several. All of them, if it has none of this name. */
async function ofSuite(stored: readonly TrialResult[], suite: string | undefined, access: VerifyOptions['access']) {
  if (suite === undefined || new Set(stored.map((trial) => trial.suite)).size < 2) return [...stored];
  const { name } = await resolveSuite(suite, suiteLoader(access));
  const own = stored.filter((trial) => trial.suite === name);
  return own.length > 0 ? own : [...stored];
}

async function specOf(
  trial: TrialResult,
  suite: Suite,
  engine: TrialEngine,
  data: OpenedData,
): Promise<TrialSpec & { readonly measures: 'test' }> {
  const title = trial.setting ?? '';
  const setting =
    suite.settings.find((each) => each.title === title) ??
    fail({
      expected: `a setting "${title}" in the suite ${suite.name}`,
      received: suite.settings.map((each) => `"${each.title}"`).join(', '),
      fix: 'Name the suite that the results were made with.',
    });
  const { request, common } = await openSetting(suite, setting, engine, data);
  const [before, now] = [trial.config.data, common.data];
  if (contentKey(before) !== contentKey(now)) {
    fail({
      expected: `the data of the results, ${JSON.stringify(before)}`,
      received: JSON.stringify(now),
      fix: 'Name the same data, suite and --limit-rows. Another content is another hash of the rows.',
    });
  }
  const { suite: name, model, parts, seed, fold } = trial;
  const config = trial.config as TrialSpec['config'];
  const identity = { suite: name, model, seed, ...(fold && { fold }), engine: engine.name, config };
  const place = { setting: title, request, mode: engine.mode };
  return { key: trialKey(trial), ...identity, ...place, parts, measures: 'test' };
}

/** @param code the hash of the code from outside that the repetition ran */
function compared(trial: TrialResult, repeated: TrialResult, code: string | undefined): VerifiedTrial {
  const differences = Object.entries(trial.metrics).flatMap(([task, values]) =>
    Object.entries(values).map(([metric, value]) => {
      const again = repeated.metrics[task]?.[metric] ?? NaN;
      return { task, metric, difference: Object.is(value, again) ? 0 : Math.abs(value - again) };
    }),
  );
  const worst = differences.reduce((a, b) => (b.difference > a.difference || Number.isNaN(b.difference) ? b : a));
  const versions = Object.entries(trial.versions).flatMap(([name, before]) => {
    const now = repeated.versions[name] ?? 'none';
    return now === before ? [] : [[name, [before, now]] as const];
  });
  const { code: codeBefore } = trial.config.model;
  if (codeBefore !== undefined && codeBefore !== code)
    versions.push([`code of ${trial.model}`, [codeBefore, code ?? 'not known']]);
  return { trial, ...worst, versions: Object.fromEntries(versions) };
}

export const agrees = ({ difference }: VerifiedTrial, tolerance: number): boolean => difference <= tolerance;

export function verifiedText(verified: VerifiedTrial, tolerance: number): string {
  const { trial, difference, task, metric } = verified;
  const place = `${trialText(trial)}, on ${trial.engine}`;
  if (difference === 0) return `${place}: the same metrics`;
  return `${place}: ${agrees(verified, tolerance) ? 'agrees' : 'DIFFERS'}, at most by ${difference.toPrecision(2)} (${task} ${metric})`;
}
