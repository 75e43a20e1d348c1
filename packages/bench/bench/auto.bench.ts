// Is a model of `train --model auto` at least as good as the best of the default architectures?
//   npm run auto-quality -- people.json [minutes] [seeds]
// For each seed, it chooses a model in some minutes (default: 5), and trains every default model on the same split. It compares
// them on the test rows of 5 seeds (default): by the mean normalized loss over tasks, and by each task's first metric. The best default is
// chosen on the test rows for each of these measures, which favors it.
import { autoTrain, runSuite, type TrialResult } from '@polytask/bench';
import { mean } from '@polytask/components';
import { metricEntry } from '@polytask/study';
import { meanInterval, pairedDifference } from '@polytask/metrics';

const [data, minutes = '5', count = '5'] = process.argv.slice(2);
if (data === undefined) throw new Error('Pass the JSON file of a data set: npm run auto-quality -- people.json');
const seeds = Array.from({ length: Number(count) }, (_, i) => i + 1);

const chosen: TrialResult[] = [];
for (const seed of seeds) {
  const { model, report } = await autoTrain(data, { minutes: Number(minutes), seed, workers: 2 });
  model.dispose();
  chosen.push(report.trials[0]);
  console.log(`seed ${seed}: ${report.trials[0].model}, of ${report.search!.tried.length} configurations`);
}
const { trials } = await runSuite({ suite: data, seeds, workers: 2 });
const names = [...new Set(trials.map(({ model }) => model))];

/** The chosen models against the best default in one measure. */
function compare(title: string, direction: 'higher' | 'lower', of: (trial: TrialResult) => number): void {
  const sign = direction === 'higher' ? 1 : -1;
  const defaults = names.map((name) => {
    const own = seeds.map((seed) => of(trials.find((trial) => trial.model === name && trial.seed === seed)!));
    return { name, own, mean: meanInterval(own).mean };
  });
  const best = defaults.reduce((a, b) => (sign * b.mean > sign * a.mean ? b : a));
  const { mean, low, high } = pairedDifference(chosen.map(of), best.own);
  console.log(
    `${title} (${direction} is better) ${meanInterval(chosen.map(of)).mean.toFixed(4)}, best default ${best.name} ${best.mean.toFixed(4)}; ` +
      `difference ${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`,
  );
}

compare('all tasks: mean normalized loss', 'lower', ({ normalizedLosses }) => mean(Object.values(normalizedLosses!)));
for (const [task, values] of Object.entries(chosen[0]!.metrics)) {
  const [metric] = Object.keys(values);
  const { label, direction } = metricEntry(metric!)!;
  compare(`${task}: ${label}`, direction, (trial) => trial.metrics[task]![metric!]!);
}
