const TREES =
  'Polytask has boosted trees of its own: the model `gradient-boosting`. `polytask train` and `polytask bench` train them for comparison, too. To add the results of another tool: `polytask bench people.json --external name=dir`.';

const LABELS =
  'Labels are the tasks of a data set file. To write one: `polytask describe people.csv --tasks income,education --out people.json`.';

/** What people type who know another tool, and what they need here. A test reads the command lines. */
export const GUESSES = new Map(
  Object.entries({
    compare:
      'To compare models: `polytask bench people.json --models adatt,mmoe`. To compare two trained models: `polytask evaluate MODEL people.csv --against OTHER`.',
    tune: 'To search for hyper-parameters: `polytask train people.json --model auto --out people-model`. Suite files have a `search`, too.',
    test: 'To measure a trained model on a file with labels: `polytask evaluate MODEL people.csv`.',
    init: 'To start from a file of rows: `polytask describe people.csv --out people.json`. To start a project: `npm create polytask`.',
    'calibrate --out':
      '`calibrate` writes to the folder of the model. To keep the model as it is, calibrate a copy: `cp -r people-model calibrated`, then `polytask calibrate calibrated people.csv --calibration isotonic`.',
    '--lr': 'The learning rate is `--learning-rate 0.001`.',
    '--loss':
      'A loss belongs to a task. Write it into the data set file: `"income": { "kind": "binary", "loss": "focal" }`. `polytask list losses` shows the names.',
    '--metric':
      'Reports have the metrics of each kind of task. For other metrics of a trained model: `polytask evaluate MODEL people.csv --metrics f1`. For those of a comparison: `polytask score results --metrics f1`, after `polytask bench people.json --keep-predictions --out results`.',
    '--dropout':
      'Dropout is an option of experts: `polytask train people.json --expert "mlp(dropout=0.1)" --out people-model`.',
    '--device':
      'Training runs on the CPU. `polytask doctor` shows the engines that are installed; `--engine` selects one.',
    '--task-weights':
      'A weight belongs to a task. Write it into the data set file: `"income": { "kind": "binary", "weight": 2 }`. To learn the weights: `polytask train people.json --balancer gradnorm --out people-model`.',
    ...{ '--label': LABELS, '--labels': LABELS, '--target': LABELS },
    ...{ xgboost: TREES, lightgbm: TREES, catboost: TREES },
  }),
);

/**
 * The error of a command for an unknown command, option or model. If other tools have this name, the error says what to type instead. A similar option
 * of the command itself is the better answer: `--metrics` for `--metric`.
 */
export function withGuess(error: string, command: string): string {
  const [, typed = ''] = /(?:unknown command|unknown option|a known model, received) ['"]([^'"=]+)/.exec(error) ?? [];
  const guess = GUESSES.get(`${command} ${typed}`) ?? GUESSES.get(typed);
  if (guess === undefined || error.includes('Did you mean --')) return error;
  return `${error.split(/\n|\. Known/, 1)[0]!}\n${guess}\n`;
}
