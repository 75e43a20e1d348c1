import { counted, formatInterval, formatSeconds, formatSpan } from '../report/format.ts';
import type { RunListener, TrialPlace } from '../run-options.ts';
import { metricRow } from '../summary/metric-rows.ts';
import type { Trial } from '../trials/trial.ts';
import type { Output } from './io.ts';

const CLEAR = '\r\x1b[K';

/** A line a finished trial; in a terminal, below it, what is running now and how long the rest may take. */
export function progress(out: Output): RunListener {
  const status = (text: string) => {
    if (out.isTTY) out.write(CLEAR + text.slice(0, Math.max(20, (out.columns ?? 80) - 1)));
  };
  const line = (text: string) => out.write(`${out.isTTY ? CLEAR : ''}${text}\n`);
  let running: (TrialPlace & { epochs: number }) | undefined;
  let began = 0;
  const show = (epoch: number) => {
    if (!running) return;
    const { number, of, model, seed, epochs } = running;
    const mean = (performance.now() - began) / 1000 / (number - 1);
    const left = number > 1 ? `, about ${formatSpan(mean * (of - number + 1))} left` : '';
    status(`${number}/${of} ${model}, seed ${seed}, epoch ${epoch}/${epochs}${left}`);
  };
  return {
    onStart({ suite, engine, models, seeds, there, total }) {
      began = performance.now();
      const known = there === 0 ? '' : `, ${there} of them there already`;
      line(`${suite} on ${engine}: ${counted(models.length, 'model')} × ${counted(seeds.length, 'seed')}, ${counted(total, 'trial')}${known}`);
    },
    onTrialStart(trial) {
      running = trial;
      show(1);
    },
    onEpoch: (epoch) => show(epoch + 1),
    onTrialEnd: (trial, { number, of }) => line(`${number}/${of} ${trial.model}, seed ${trial.seed}: ${resultOf(trial)}`),
    onFailure: ({ model, seed, error }, { number, of }) => line(`${number}/${of} ${model}, seed ${seed} failed: ${error.message}`),
    onNote: line,
  };
}

/** The first metric of each task, epochs and seconds. */
function resultOf({ metrics, epochs, bestEpoch, seconds }: Trial): string {
  const first = Object.entries(metrics).map(([task, values]) => {
    const [metric, value] = Object.entries(values)[0] ?? ['', NaN];
    const one = { mean: value, low: NaN, high: NaN, deviation: NaN, n: 1 };
    return `${task} ${metricRow(metric)?.label ?? metric} ${formatInterval(one, 4)}`;
  });
  return `${first.join(', ')} (epoch ${bestEpoch} of ${epochs}, ${formatSeconds(seconds)} s)`;
}
