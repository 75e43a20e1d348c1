import type { Command } from './command.ts';

/** A command of `polytask`. Its options and its code are in a module that is loaded when the command is called. */
export interface CommandEntry {
  readonly description: string;
  /** Command lines for the end of its help. A test parses them. */
  readonly examples: readonly string[];
  readonly load: () => Promise<Command>;
}

export const COMMANDS: Readonly<Record<string, Readonly<Record<string, CommandEntry>>>> = {
  'Train and use a model:': {
    describe: {
      description:
        'look at a CSV, JSON, JSON lines or Parquet file, explain its columns, and write the JSON file that `polytask train` and `bench` take',
      examples: [
        'polytask describe people.csv',
        'polytask describe people.csv --tasks income,never_married --out people.json',
        'polytask describe people.csv --delimiter ";" --out people.json --force',
      ],
      load: async () => (await import('./data-commands.ts')).describe,
    },
    train: {
      description: 'train a model on a data set, and write it with its scores, a model card and a report',
      examples: [
        'polytask train people.json --out people-model',
        'polytask train people.json --model auto --minutes 20 --workers 2 --out people-model',
        "polytask train people.json --model 'adatt(residual=false)' --epochs 20 --out people-model",
        'polytask train people.json --import ./my-expert.ts --expert my-expert --out people-model',
        'polytask train new.csv --from people-model --out people-model-2',
      ],
      load: async () => (await import('./train-command.ts')).command,
    },
    predict: {
      description: 'predict the rows of a CSV, JSON, JSON lines or Parquet file of any size',
      examples: [
        'polytask predict people-model rows.csv --out predictions.csv --keep id',
        'polytask predict people-model rows.parquet --out predictions.parquet --force',
      ],
      load: async () => (await import('./predict-command.ts')).command,
    },
    serve: {
      description:
        'serve a trained model over HTTP: POST /predict, GET /openapi.json, /health, /ready, /model, /metrics',
      examples: [
        'polytask serve people-model --port 8080',
        'polytask serve people-model --host 0.0.0.0 --token-file tokens.txt',
      ],
      load: async () => (await import('./serve-command.ts')).command,
    },
    export: {
      description: 'write a saved model as an ONNX file for any batch size',
      examples: [
        'polytask export people-model --out people.onnx',
        'polytask export people-model --out small.onnx --precision int8',
      ],
      load: async () => (await import('./export-command.ts')).command,
    },
    evaluate: {
      description:
        'measure a trained model on a file with labels: metrics with intervals, decisions, calibration, segments, the largest errors',
      examples: [
        'polytask evaluate people-model march.csv --out march.html',
        'polytask evaluate people-model march.csv --by state --against last-month-model',
      ],
      load: async () => (await import('./model-rows-commands.ts')).evaluate,
    },
    explain: {
      description: 'say which experts and features a trained model uses, for the rows of a file',
      examples: [
        'polytask explain people-model people.csv --out people.html',
        'polytask explain people-model people.csv --by state',
      ],
      load: async () => (await import('./model-rows-commands.ts')).explain,
    },
    diagnose: {
      description: 'say why a saved model is bad on rows with labels: leaks, drift, dead experts, constant predictions',
      examples: ['polytask diagnose people-model rows.csv'],
      load: async () => (await import('./model-rows-commands.ts')).diagnose,
    },
    calibrate: {
      description: 'calibrate a saved model on rows with labels that it was not trained on',
      examples: [
        'polytask calibrate people-model validation.csv --calibration isotonic',
        'polytask calibrate people-model validation.csv --threshold income=f1',
      ],
      load: async () => (await import('./model-rows-commands.ts')).calibrate,
    },
    drift: {
      description: 'say how rows differ from the training rows of a model',
      examples: ['polytask drift people-model rows.csv --fail-above 0.25'],
      load: async () => (await import('./model-rows-commands.ts')).drift,
    },
  },
  'Compare models:': {
    bench: {
      description: 'train models on a suite with paired seeds or folds, and print a table with intervals',
      examples: [
        'polytask bench synthetic -w 2 -s 2',
        'polytask bench people.json -m single-task,mmoe,adatt -s 5 -o results',
        "polytask bench people.json --models adatt --balancers pcgrad,'gradnorm(alpha=0.5)'",
        'polytask bench people.json --import ./my-expert.ts --experts my-expert',
        'polytask bench census-income --data data/census --out results',
      ],
      load: async () => (await import('./bench-command.ts')).command,
    },
    score: {
      description: 'measure trials again, without training: other metrics, and the mean of several models',
      examples: [
        'polytask score results --metrics auc,prAuc',
        'polytask score results --ensemble seeds --out results-mean',
      ],
      load: async () => (await import('./results-commands.ts')).score,
    },
    'which-together': {
      description: 'say which tasks should share layers: by their gradients, and by a comparison of the groups',
      examples: ['polytask which-together people.json --out together'],
      load: async () => (await import('./page-commands.ts')).together,
    },
    'trade-offs': {
      description: 'show the cost of one task for the others: models at several task weights, and their Pareto front',
      examples: ['polytask trade-offs people.json --task income --weights 0.2,0.5,0.8 --out trade-offs'],
      load: async () => (await import('./page-commands.ts')).tradeOffs,
    },
    leaderboard: {
      description: 'compare models over several data sets: the results of several directories',
      examples: ['polytask leaderboard results/census results/people --baseline single-task --out board'],
      load: async () => (await import('./results-commands.ts')).leaderboard,
    },
    split: {
      description: 'write the training, validation and test rows of each seed, to train a model of another program',
      examples: ['polytask split people.json --seeds 3 --out rows'],
      load: async () => (await import('./data-commands.ts')).split,
    },
    verify: {
      description: 'repeat some trials of a directory of results, and compare their metrics',
      examples: ['polytask verify results', 'polytask verify results census-income --data data/census --trials 5'],
      load: async () => (await import('./results-commands.ts')).verify,
    },
  },
  'On several machines:': {
    worker: {
      description: "run the trials of a queue, which 'polytask bench --queue' fills, until Ctrl-C",
      examples: ['polytask worker --queue redis://localhost:6379 --workers 4'],
      load: async () => (await import('./worker-command.ts')).command,
    },
    status: {
      description:
        'show the progress of a study: trials done, running and failed, with the reason; trials per hour, time left',
      examples: ['polytask status results --watch', 'polytask status --queue redis://localhost:6379'],
      load: async () => (await import('./results-commands.ts')).status,
    },
    merge: {
      description: "merge the parts of a study that 'polytask bench --shard' has run",
      examples: ['polytask merge shard-1 shard-2 --out results'],
      load: async () => (await import('./results-commands.ts')).merge,
    },
  },
  'Look around and measure:': {
    list: {
      description: 'list the names of a kind, such as models or experts, and the options of a name',
      examples: ['polytask list models', 'polytask list experts mlp', 'polytask list experts --import ./my-expert.ts'],
      load: async () => (await import('./list-command.ts')).list,
    },
    schema: {
      description: 'print the JSON Schema of data set or suite files, with which an editor checks and completes them',
      examples: ['polytask schema dataset > dataset.schema.json', 'polytask schema suite --import ./my-expert.ts'],
      load: async () => (await import('./list-command.ts')).schema,
    },
    completions: {
      description: 'print the script with which bash, zsh or fish completes commands and options',
      examples: [
        'polytask completions bash > polytask.bash',
        'polytask completions fish > ~/.config/fish/completions/polytask.fish',
      ],
      load: async () => (await import('./completions-command.ts')).completions,
    },
    fetch: {
      description: 'download a public data set',
      examples: ['polytask fetch census-income --out data/census'],
      load: async () => (await import('./data-commands.ts')).fetch,
    },
    doctor: {
      description: 'say which versions and engines are here, what is wrong, and what would be faster',
      examples: ['polytask doctor', 'polytask doctor --json'],
      load: async () => (await import('./doctor-command.ts')).command,
    },
    time: {
      description: 'time training steps and inference on random numbers',
      examples: ['polytask time --config A --models adatt,ple', 'polytask time --config ids --ids 1000,1000000'],
      load: async () => (await import('./time-command.ts')).command,
    },
    reference: {
      description: "compare with the AdaTT authors' PyTorch library: logits, losses, gradients, training",
      examples: ['polytask reference case.json --out computed'],
      load: async () => (await import('./reference-command.ts')).command,
    },
  },
};
