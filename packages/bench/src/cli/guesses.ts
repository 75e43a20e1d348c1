/** What people type who know another tool, and what they need here. */
const GUESSES = new Map([
  [
    'compare',
    'To compare models: `polytask bench people.json --models adatt,mmoe`. To compare two trained models: `polytask evaluate MODEL people.csv --against OTHER`.',
  ],
  [
    'tune',
    'To search hyper-parameters: `polytask train people.json --model auto --out people-model`. Suite files have a `search`, too.',
  ],
  ['test', 'To measure a trained model on a file with labels: `polytask evaluate MODEL people.csv`.'],
  [
    'init',
    'To start from a file of rows: `polytask describe people.csv --out people.json`. To start a project: `npm create polytask`.',
  ],
  ['--lr', 'The learning rate is `--learning-rate 0.001`.'],
  [
    '--loss',
    'A loss belongs to a task. Write it into the data set file: `"income": { "kind": "binary", "loss": "focal" }`. The names: `polytask list losses`.',
  ],
  [
    '--metric',
    'Reports have the metrics of each kind of task. For other metrics: `polytask score results --metrics f1`, after `polytask bench people.json --keep-predictions --out results`.',
  ],
  [
    '--dropout',
    'Dropout is an option of experts: `polytask train people.json --expert "mlp(dropout=0.1)" --out people-model`.',
  ],
  ['--device', 'Training runs on the CPU. `--engine` chooses how; `polytask doctor` says which engines are here.'],
  [
    '--task-weights',
    'A weight belongs to a task. Write it into the data set file: `"income": { "kind": "binary", "weight": 2 }`. To let the training choose weights: `polytask train people.json --balancer gradnorm --out people-model`.',
  ],
]);

for (const name of ['xgboost', 'lightgbm', 'catboost'])
  GUESSES.set(
    name,
    'Polytask has boosted trees of its own: gradient-boosting. `polytask train` and `polytask bench` train it for comparison, too. To add the results of another tool: `polytask bench people.json --external name=dir`.',
  );

/** A message of the program for a wrong command, option or model. If it is one that other tools have, the message says what to type instead. */
export function withGuess(message: string): string {
  const typed = /(?:unknown command|unknown option|a known model, received) ['"]([^'"=]+)/.exec(message)?.[1];
  const guess = GUESSES.get(typed ?? '');
  return guess === undefined ? message : `${message.split(/\n|\. Known/, 1)[0]!}\n${guess}\n`;
}

/** The command lines in the answers. A test reads them. */
export const guessedLines = (): string[] =>
  [...GUESSES.values()].flatMap((guess) => Array.from(guess.matchAll(/`(polytask [^`]+)`/g), ([, line]) => line!));
