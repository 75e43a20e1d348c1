import {
  counted,
  formatInterval,
  formatSeconds,
  formatSpan,
  metricRow,
  type RunListener,
  type TrialPlace,
  type TrialResult,
} from '@polytask/study';
import type { Output } from './io.ts';
import { timeLeft } from './time-left.ts';

const CLEAR = '\r\x1b[K';

/** A listener that counts. */
export interface Progress extends RunListener {
  /** Trials that came through, and were there already, of how many; undefined before the trials start. */
  kept(): { readonly trials: number; readonly of: number } | undefined;
}

/** A line a finished trial; in a terminal, below it, what is running now and how long the rest may take. */
export function progress(out: Output): Progress {
  const status = (text: string) => {
    if (out.isTTY) out.write(CLEAR + text.slice(0, Math.max(20, (out.columns ?? 80) - 1)));
  };
  const line = (text: string) => out.write(`${out.isTTY ? CLEAR : ''}${text}\n`);
  let left = timeLeft(1);
  let kept: { trials: number; readonly of: number } | undefined;
  const show = (epoch: number, { number, of, setting, model, seed, epochs }: TrialPlace) => {
    const estimate = left.estimate(of);
    const rest = estimate ? `, ${estimate.kind} ${formatSpan(estimate.seconds)} left` : '';
    status(`${number}/${of} ${named(setting, model)}, seed ${seed}, epoch ${epoch} of at most ${epochs}${rest}`);
  };
  return {
    onStart({ suite, engine, models, seeds, settings, there, total }) {
      left = timeLeft(models.length);
      kept = { trials: there, of: total };
      const known = there === 0 ? '' : `, ${there} of them there already`;
      const tables = settings === 1 ? '' : `${counted(settings, 'setting')} × `;
      line(
        `${suite} on ${engine}: ${tables}${counted(models.length, 'model')} × ${counted(seeds.length, 'seed')}, ${counted(total, 'trial')}${known}`,
      );
    },
    onTrialStart: (place) => show(1, place),
    onEpoch(epoch, place) {
      left.epoch(place.number, epoch, place.epochs);
      if (epoch < place.epochs) show(epoch + 1, place); // after the last one it is measured
    },
    onTrialEnd(trial, { number, of, setting }) {
      left.end(number, trial.model, trial.epochs);
      if (kept) kept.trials++;
      line(`${number}/${of} ${named(setting, trial.model)}, seed ${trial.seed}: ${resultOf(trial)}`);
    },
    onCandidate: ({ setting, model, number, epochs, score }) =>
      status(
        `${named(setting, model)}: configuration ${number}, ${counted(epochs, 'epoch')}, validation ${score.toFixed(4)}`,
      ),
    onChoice: ({ setting, model, tried, score, values }) =>
      line(
        `${named(setting, model)}: the best of ${counted(tried, 'training')} has ${JSON.stringify(values)}, validation ${score.toFixed(4)}`,
      ),
    onRetry: (error, { number, of, setting, model, seed }) =>
      line(`${number}/${of} ${named(setting, model)}, seed ${seed}: ${error.message} It is tried again.`),
    onFailure({ setting, model, seed, error, log }, { number, of }) {
      left.end(number, model, undefined);
      line(
        `${number}/${of} ${named(setting, model)}, seed ${seed} failed: ${error.message}${log === undefined ? '' : ` See ${log}.`}`,
      );
    },
    onNote: line,
    kept: () => kept,
  };
}

const named = (setting: string, model: string): string => (setting === '' ? model : `${setting}: ${model}`);

/** The first metric of each task, the best epoch of those that were run, and seconds. */
function resultOf({ metrics, epochs, bestEpoch, seconds }: TrialResult): string {
  const first = Object.entries(metrics).map(([task, values]) => {
    const [metric, value] = Object.entries(values)[0] ?? ['', NaN];
    const one = { mean: value, low: NaN, high: NaN, deviation: NaN, n: 1 };
    return `${task} ${metricRow(metric)?.label ?? metric} ${formatInterval(one, 4)}`;
  });
  return `${first.join(', ')} (best epoch ${bestEpoch} of ${epochs}, ${formatSeconds(seconds)} s)`;
}
