// Is a model of `train --model auto` at least as good as the best of the default architectures?
//   npm run auto-quality -- people.json [minutes] [seeds]
// For each seed, it chooses a model in some minutes (default: 5), and trains every default model on the same split. It compares
// them on the test rows of 5 seeds (default) by each task's first metric. The best default is chosen on the test rows, which favors it.
import { autoTrain, metricRow, runSuite, type TrialResult } from '@polytask/bench';
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

for (const [task, values] of Object.entries(chosen[0]!.metrics)) {
  const [metric] = Object.keys(values);
  const { label, direction } = metricRow(metric!)!;
  const sign = direction === 'higher' ? 1 : -1;
  const of = (trial: TrialResult) => trial.metrics[task]![metric!]!;
  const defaults = names.map((name) => {
    const own = seeds.map((seed) => of(trials.find((trial) => trial.model === name && trial.seed === seed)!));
    return { name, own, mean: meanInterval(own).mean };
  });
  const best = defaults.reduce((a, b) => (sign * b.mean > sign * a.mean ? b : a));
  const { mean, low, high } = pairedDifference(chosen.map(of), best.own);
  console.log(
    `${task}: ${label} ${meanInterval(chosen.map(of)).mean.toFixed(4)}, best default ${best.name} ${best.mean.toFixed(4)}; ` +
      `difference ${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`,
  );
}
