import { parseArgs } from 'node:util';
import { checks, parseJson } from '@polytask/core';
import '@polytask/bench'; // registers all components
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // those of `tf-layer`
import { check, type CheckTools, type Checked, checkDrawn, type Outcome } from './check.ts';
import type { Configuration } from './draw/configuration.ts';
import { faultText, reportText } from './report.ts';
import { onnxScorer } from './run/deployed.ts';

// npm run cross-check -- [--configurations N] [--seed S] [--backend cpu|wasm] [--configuration N | --only JSON] [--python FILE]
// Trains random configurations on both engines, saves, loads, serves and exports the models, and compares all predictions. It exits with 1
// after a difference that rounding doesn't explain.

const { values } = parseArgs({
  options: {
    configurations: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'cpu' },
    configuration: { type: 'string' },
    only: { type: 'string' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
});

const whole = (name: 'configurations' | 'seed' | 'configuration'): number =>
  checks.wholeNumber().read(Number(values[name]), `--${name}`);
const seed = whole('seed');
const numbers =
  values.configuration === undefined
    ? Array.from({ length: whole('configurations') }, (_, number) => number)
    : [whole('configuration')];

await tf.setBackend(checks.oneOf('cpu', 'wasm').read(values.backend, '--backend')); // of the eager engine
const tools: CheckTools = { reference: 'eager', compared: 'compiled', scorer: onnxScorer(values.python) };
const outcomes: Outcome[] = [];

async function* all(): AsyncGenerator<Checked> {
  if (values.only !== undefined) {
    const json = values.only;
    yield await check(() => parseJson(json, '--only') as Configuration, tools);
    return;
  }
  for (const [done, number] of numbers.entries()) {
    if (done > 0 && done % 25 === 0) process.stderr.write(`${done} of ${numbers.length} …\n`);
    yield* checkDrawn(seed, number, tools);
  }
}

for await (const checked of all()) {
  const { place, outcome, configuration } = checked;
  outcomes.push(outcome);
  const name = `configuration ${place?.number ?? 'of --only'}, ${configuration?.model.network.name ?? 'not drawn'}`;
  if (outcome.kind === 'fault') process.stdout.write(`${name} differs\n${faultText(checked)}`);
  else if (values.only !== undefined || values.configuration !== undefined)
    process.stdout.write(`${name}: ${outcome.kind} ${outcome.stage ?? ''} ${outcome.text}\n`);
}
tools.scorer.close();
process.stdout.write(`${reportText(outcomes, tools.scorer.name, values.only === undefined ? numbers.length : 1)}\n`);
if (outcomes.some(({ kind }) => kind === 'fault')) process.exitCode = 1;
