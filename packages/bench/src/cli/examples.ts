import type { Command } from 'commander';

/** Command lines for the end of each `--help`. A test parses them. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  polytask: [
    'polytask describe people.csv --out people.json',
    'polytask train people.json --out people-model',
    'polytask predict people-model new.csv --out predictions.csv',
    'polytask bench people.json --models single-task,mmoe,adatt --seeds 5 --out results',
    'polytask bench people.json --import ./my-expert.ts --experts my-expert',
  ],
  bench: [
    'polytask bench synthetic -w 2 -s 2',
    'polytask bench people.json -m single-task,mmoe,adatt -s 5 -o results',
    "polytask bench people.json --models adatt --balancers pcgrad,'gradnorm(alpha=0.5)'",
    'polytask bench people.json --import ./my-expert.ts --experts my-expert',
    'polytask bench census-income --data data/census --out results',
  ],
  score: ['polytask score results --metrics auc,prAuc', 'polytask score results --ensemble seeds --out results-mean'],
  split: ['polytask split people.json --seeds 3 --out rows'],
  verify: ['polytask verify results', 'polytask verify results census-income --data data/census --trials 5'],
  describe: [
    'polytask describe people.csv',
    'polytask describe people.csv --tasks income,never_married --out people.json',
    'polytask describe people.csv --delimiter ";" --out people.json --force',
  ],
  train: [
    'polytask train people.json --out people-model',
    'polytask train people.json --model auto --minutes 20 --workers 2 --out people-model',
    "polytask train people.json --model 'adatt(residual=false)' --epochs 20 --out people-model",
    'polytask train people.json --import ./my-expert.ts --expert my-expert --out people-model',
    'polytask train new.csv --from people-model --out people-model-2',
  ],
  calibrate: [
    'polytask calibrate people-model validation.csv --calibration isotonic',
    'polytask calibrate people-model validation.csv --threshold income=f1',
  ],
  explain: [
    'polytask explain people-model people.csv --out people.html',
    'polytask explain people-model people.csv --by state',
  ],
  diagnose: ['polytask diagnose people-model rows.csv'],
  'which-together': ['polytask which-together people.json --out together'],
  'trade-offs': ['polytask trade-offs people.json --task income --weights 0.2,0.5,0.8 --out trade-offs'],
  list: ['polytask list models', 'polytask list experts mlp', 'polytask list experts --import ./my-expert.ts'],
  fetch: ['polytask fetch census-income --out data/census'],
  export: [
    'polytask export people-model --out people.onnx',
    'polytask export people-model --out small.onnx --precision int8',
  ],
  predict: [
    'polytask predict people-model rows.csv --out predictions.csv --keep id',
    'polytask predict people-model rows.parquet --out predictions.parquet --force',
  ],
  serve: [
    'polytask serve people-model --port 8080',
    'polytask serve people-model --host 0.0.0.0 --token-file tokens.txt',
  ],
  drift: ['polytask drift people-model rows.csv --fail-above 0.25'],
  worker: ['polytask worker --queue redis://localhost:6379 --workers 4'],
  status: ['polytask status results --watch', 'polytask status --queue redis://localhost:6379'],
  leaderboard: ['polytask leaderboard results/census results/people --baseline single-task --out board'],
  merge: ['polytask merge shard-1 shard-2 --out results'],
  time: ['polytask time --config A --models adatt,ple', 'polytask time --config ids --ids 1000,1000000'],
  reference: ['polytask reference case.json --out computed'],
  doctor: ['polytask doctor', 'polytask doctor --json'],
};

/** Adds the examples of a command to its help. */
export function withExamples(command: Command): void {
  const lines = EXAMPLES[command.name()] ?? [];
  if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
