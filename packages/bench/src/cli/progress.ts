import { mean, printable, printableLine, sum } from '@polytask/components';
import {
  brokenName,
  counted,
  formatCount,
  formatInterval,
  formatSeconds,
  formatSpan,
  leaderboard,
  metricEntry,
  renderText,
  type RunListener,
  settingKey,
  standingsOf,
  summarizeTables,
  type TrialPosition,
  type TrialResult,
  trialText,
  type TriedCandidate,
  wrapped,
} from '@polytask/study';
import { untilStopped, type Invocation, type Output, widthOf, linesAbove } from './io.ts';

export interface Progress extends RunListener {
  /** The number of finished trials, of how many. Undefined before the first trial. */
  trialCount(): { readonly trials: number; readonly of: number } | undefined;
  /** Removes the live view. Notes may follow. */
  end(): void;
}

/** Prints a line for each finished trial and, in a terminal, a live view below. @param now the time in seconds */
export function progress(out: Output, now: () => number = secondsNow): Progress {
  const live = liveLines(out, now);
  let [pause, printed] = [LONG, now()];
  const line = (text: string) => {
    printed = now();
    live.above(out.isTTY ? wrapped(printable(text), widthOf(out), '  ') : printable(text));
  };
  let remaining = timeLeft(Infinity, now);
  let count: { trials: number; readonly of: number } | undefined;
  let board: ReturnType<typeof liveBoard> | undefined;
  const running = new Map<number, string>();
  const rest = (of: number) => {
    const estimate = remaining.estimate(of);
    return estimate && estimate.seconds > 0 ? `, ${estimate.kind} ${formatSpan(estimate.seconds)} left` : '';
  };
  const status = (when: 'now' | 'soon' | 'later', of: number, ...searching: string[]) => {
    if (!out.isTTY) return; // a leaderboard takes a second or more with many models
    const counts = count && count.of > 1 ? [`${count.trials} of ${count.of} trials${rest(of)}`] : [];
    const trials = [...running].sort(([a], [b]) => a - b).map(([, text]) => text);
    if (counts.length === 0 && trials.length > 0) trials.push(`${trials.pop()!}${rest(of)}`);
    const below = [...trials, ...searching, ...counts];
    const lines = board?.lines(widthOf(out), live.height() - below.length) ?? [];
    live.show([...lines, ...below], when);
  };
  const show = (when: 'now' | 'soon', epoch: number, place: TrialPosition) => {
    const text = `${placeOf(place)}, epoch ${epoch} of at most ${place.epochs}`;
    running.set(place.number, text);
    if (out.isTTY) status(when, place.of);
    else if (now() - printed >= pause) {
      pause *= 2; // a day of training has ten such lines
      line(`${text}${rest(place.of)}`);
    }
  };
  const over = ({ number, model }: Pick<TrialPosition, 'number' | 'model'>, epochs: number | undefined) => {
    running.delete(number);
    remaining.end(number, model, epochs);
  };
  return {
    onStart({ suite, engine, models, baseline, seeds, folds, settings, there, total, seconds = 0 }) {
      remaining = timeLeft(models.length, now);
      count = { trials: there, of: total };
      if (models.length > 1) board = liveBoard(baseline, now);
      const already = there === 0 ? '' : `, ${there} of them there already`;
      const expected = seconds < LONG ? '' : `, about ${formatSpan(seconds)} left by the time of stored trials`;
      const factors = [
        ...(settings === 1 ? [] : [counted(settings, 'setting')]),
        counted(models.length, 'model'),
        ...(folds === undefined || seeds.length > 1 ? [counted(seeds.length, 'seed')] : []),
        ...(folds === undefined ? [] : [counted(folds, 'fold')]),
      ];
      line(`${suite} on ${engine}: ${factors.join(' × ')}, ${counted(total, 'trial')}${already}${expected}`);
    },
    onTrialStart(place) {
      if (!count && place.number === 1 && place.of > 1) line(`${place.of} models to train`); // of the command train
      show('now', 1, place);
    },
    onEpoch(epoch, place) {
      remaining.epoch(place.number, epoch, place.epochs);
      if (epoch < place.epochs) show('soon', epoch + 1, place); // the test follows the last epoch
    },
    onTrialEnd(trial, place) {
      over(place, trial.epochs);
      if (count) count.trials++;
      board?.add(trial);
      status('later', place.of);
      line(`${placeOf(place)}: ${resultOf(trial)}${out.isTTY || !count ? '' : rest(place.of)}`); // without a count, all are trained by now
    },
    onFinishedElsewhere(place) {
      over(place, undefined);
      if (count) count.trials++;
    },
    onCandidate: ({ number, epochs, score, ...place }) =>
      status(
        'soon',
        number,
        `${modelIn(place)}: configuration ${number}, ${counted(epochs, 'epoch')}, validation ${score.toFixed(4)}`,
      ),
    onRound: ({ bracket, round, of, epochs, trainingRows, trained, seconds, best }) =>
      line(
        `bracket ${bracket}, round ${round} of ${of}: ${counted(trained, 'configuration')}, up to ${counted(epochs, 'epoch')}` +
          `${trainingRows === undefined ? '' : ` of ${formatCount(trainingRows)} rows`}, ${formatSpan(seconds)} so far; ` +
          `best: ${best.values.model}, validation ${best.score.toFixed(4)}`,
      ),
    onChoice: ({ tried, score, values, ...place }) =>
      line(
        `${modelIn(place)}: the best of ${counted(tried, 'training')} has ${JSON.stringify(values)}, ` +
          `validation ${score.toFixed(4)}`,
      ),
    onRetry: (error, place) => line(`${placeOf(place)}: ${error.message} It is tried again.`),
    onFailure({ error, log }, place) {
      over(place, undefined);
      line(`${placeOf(place)} failed: ${error.message}${log === undefined ? '' : ` See ${log}.`}`);
    },
    onNote: line,
    trialCount: () => count,
    end: live.end,
  };
}

/** Runs a function until Ctrl-C, and prints its progress. @param onStop the note after Ctrl-C */
export function withProgress<T>(
  invocation: Invocation,
  run: (hooks: { plugins: readonly string[]; listener: Progress; signal: AbortSignal }) => Promise<T>,
  onStop?: (trials: ReturnType<Progress['trialCount']>) => string,
): Promise<T | undefined> {
  const listener = progress(invocation.stderr);
  const { plugins } = invocation;
  return untilStopped(
    invocation,
    (signal) => run({ plugins, listener, signal }).finally(() => listener.end()),
    () => onStop && listener.onNote?.(onStop(listener.trialCount())),
  );
}

/** `few labels: adatt`; with folds `adatt, seed 1, fold 3`, as each has a search. */
const modelIn = ({ setting, model, ...rows }: Pick<TriedCandidate, 'setting' | 'model' | 'seed' | 'fold'>): string =>
  rows.fold !== undefined ? trialText({ setting, model, ...rows }) : setting === '' ? model : `${setting}: ${model}`;

/** `3/30 few labels: adatt, seed 2` */
const placeOf = ({ number, of, ...trial }: TrialPosition): string => `${number}/${of} ${trialText(trial)}`;

function resultOf({ metrics, epochs, bestEpoch, seconds }: TrialResult): string {
  const first = Object.entries(metrics).map(([task, values]) => {
    const [metric, value] = Object.entries(values)[0] ?? ['', NaN];
    const one = { mean: value, low: NaN, high: NaN, deviation: NaN, n: 1 };
    return `${task} ${metricEntry(metric)?.label ?? metric} ${formatInterval(one, 4)}`;
  });
  const best = epochs > 1 ? `best epoch ${bestEpoch} of ${epochs}, ` : ''; // an average and trees have no epochs
  return `${first.join(', ')} (${best}${formatSeconds(seconds)} s)`;
}

/** The largest share of a running trial that counts as done: early stopping is unknown before the end. */
const ALMOST = 0.95;

/**
 * So many seconds are a long time: only then are all epochs of all trials given as an upper bound, since most trials stop early, and a
 * log without a line gets one.
 */
const LONG = 60;

const secondsNow = () => performance.now() / 1000;

/** Estimates the remaining time of a run from the time since its first epoch, which is slow to start. @param now the time in seconds */
export function timeLeft(models: number, now: () => number = secondsNow) {
  const created = now();
  let start = { seconds: created, epoch: 0, most: 1 };
  const running = new Map<number, { epoch: number; most: number }>();
  const finished = new Set<string>();
  const lengths: number[] = [];
  let over = 0;
  return {
    /** Counts a finished epoch. @param trial 1-based @param epoch 1-based @param most the trial's largest number of epochs */
    epoch(trial: number, epoch: number, most: number) {
      if (start.epoch === 0) start = { seconds: now(), epoch, most };
      running.set(trial, { epoch, most });
    },
    end(trial: number, model: string, epochs: number | undefined) {
      running.delete(trial);
      over++;
      if (!epochs) return; // it failed, or has no epochs, as trees
      finished.add(model);
      lengths.push(epochs);
    },
    /** Estimates the remaining time. @param of how many trials there are in all @returns undefined while it would say little */
    estimate(of: number) {
      const usual = lengths.length === 0 ? undefined : mean(lengths);
      if (usual === undefined && now() - created < LONG) return undefined;
      const share = ({ epoch, most }: { epoch: number; most: number }) => Math.min(ALMOST, epoch / (usual ?? most));
      const done = over + sum([...running.values()].map(share));
      const measured = done - share(start);
      if (measured <= 0) return undefined;
      const seconds = ((now() - start.seconds) / measured) * Math.max(0, of - done);
      // models differ, so the time is known best when each has finished a trial
      const different = Math.min(models, of);
      if (usual === undefined) return { seconds, kind: different > 1 ? 'at most roughly' : 'at most' };
      return { seconds, kind: finished.size < different ? 'roughly' : 'about' };
    },
  };
}

/** The shortest time between two drawings, in seconds. */
const PAUSE = 0.1;

const USUAL_HEIGHT = 24;

/** The last lines of a terminal, which are redrawn in place. Elsewhere, they are never written. @param now the time in seconds */
export function liveLines(out: Output, now: () => number = secondsNow) {
  let [height, drawn, isOver] = [0, -Infinity, false];
  let lines: readonly string[] = [];
  const most = () => Math.max(1, (out.rows || USUAL_HEIGHT) - 1);
  const draw = (above = '') => {
    const shown = lines.slice(-most());
    const before = linesAbove(height);
    [height, drawn] = [shown.length, now()];
    if (before + above + shown.join('') !== '')
      out.write(`${before}${above}${shown.map((line) => `${line}\n`).join('')}`);
  };
  return {
    height: most,
    /** Shows lines, cut to the terminal. @param when `soon`: unless the last drawing was a moment ago; `later`: at the next drawing */
    show(next: readonly string[], when: 'now' | 'soon' | 'later') {
      if (!out.isTTY || isOver) return;
      const width = widthOf(out);
      lines = next.map((line) => brokenName(printableLine(line), width)[0]!);
      if (when === 'now' || (when === 'soon' && now() - drawn >= PAUSE)) draw();
    },
    /** Writes a text above the lines, where it stays. */
    above: (text: string) => draw(`${text}\n`),
    end() {
      [lines, isOver] = [[], true];
      draw();
    },
  };
}

/** The share of a run's time that a leaderboard may take, if one takes more than {@link BRIEF} seconds. */
const SHARE = 0.02;
const BRIEF = 0.1;

/** The leaderboard so far, of the latest trial's setting. If its statistics are slow, it is computed anew after fifty times as long. */
export function liveBoard(baseline: string, now: () => number = secondsNow) {
  const trials: TrialResult[] = [];
  let drawn: { readonly of: number; readonly width: number; readonly lines: readonly string[] } | undefined;
  let next = -Infinity;
  const draw = (width: number) => {
    const start = now();
    drawn = { of: trials.length, width, lines: linesOf(trials, baseline, width) };
    const took = now() - start;
    next = took < BRIEF ? -Infinity : start + took / SHARE;
    return drawn;
  };
  return {
    add: (trial: TrialResult) => void trials.push(trial),
    /** The first columns and the best models that fit. None before two models have a trial. */
    lines(width: number, height: number): readonly string[] {
      const isOld = drawn?.width !== width || (drawn.of !== trials.length && now() >= next);
      const { lines } = isOld ? draw(width) : drawn!;
      const rest = lines.length - (height - 2); // two lines say how many are left out
      return lines.length <= height
        ? lines
        : height < LEAST
          ? []
          : [...lines.slice(0, -rest), `… and ${rest - 1} more`, ''];
    },
  };
}

/** The height of a title, a head of two lines, two models, what follows, and empty lines. */
const LEAST = 8;

function linesOf(all: readonly TrialResult[], baseline: string, width: number): string[] {
  const last = all.at(-1);
  if (!last) return [];
  const key = settingKey(last);
  const trials = all.filter((trial) => settingKey(trial) === key);
  const [summary] = summarizeTables(trials, { baseline });
  if (!summary || summary.models.length < 2) return [];
  const table = leaderboard(summary, standingsOf(summary, trials));
  const title = [summary.setting, `${counted(trials.length, 'trial')} so far`].filter((part) => part !== '').join(': ');
  const [, , ...lines] = renderText({ title, blocks: [{ kind: 'table', table }] }, { width }).split('\n');
  return ['', title, ...lines.slice(0, lines.indexOf('')), ''];
}
