import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { auc as measuredAuc } from '@polytask/metrics';
import { encode, readTrainedModel, rowStream } from '@polytask/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';
import type { Trained } from '../model-folder.ts';
import { autoTrain, train } from './train.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-train-'));
  const rows = Array.from(
    { length: 300 },
    (_, i) => `${i % 41},${i % 3 ? 'Utah' : 'Ohio'},${i % 41 > 20 ? 'yes' : 'no'},${i % 7}`,
  );
  await writeFile(at('people.csv'), `age,state,rich,hours\n${rows.join('\n')}\n`);
  const tasks = { rich: { kind: 'binary', positive: 'yes' }, hours: 'regression' };
  await writeFile(
    at('people.json'),
    JSON.stringify({ files: 'people.csv', features: { age: 'numeric', state: 'categorical' }, tasks }),
  );
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const SMALL = { size: { levels: [4], tower: [2], embedding: 2 }, engine: 'cpu', epochs: 2 } as const;

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, io);
  return { code, out: out(), err: err() };
}

test('a model is saved with the options of its name, and a wrong option is named', async () => {
  const train = (model: string, ...more: string[]) =>
    run(
      'train',
      at('people.json'),
      '--out',
      at('model'),
      '--engine',
      'cpu',
      '--epochs',
      '1',
      '--levels',
      '4',
      '--model',
      model,
      ...more,
    );
  const parts = ['--expert', 'mlp(activation=tanh)', '--balancer', 'gradnorm(alpha=0.5)'];
  expect((await train('adatt(residual=false)', ...parts)).code).toBe(0);
  const { model } = await readTrainedModel(at('model'));
  expect(model.config.network.config).toMatchObject({
    levels: [{ experts: { name: 'mlp', config: { activation: 'tanh' } } }],
    residual: false,
  });
  model.dispose();
  const { report } = JSON.parse(await readFile(at('model/scores.json'), 'utf8')) as Trained;
  expect(report.trials[0]).toMatchObject({
    model: 'adatt(residual=false) [mlp(activation=tanh)] + gradnorm(alpha=0.5)',
    parts: {
      ...{ model: 'adatt(residual=false)', network: 'adatt' },
      ...{ expert: 'mlp(activation=tanh)', balancer: 'gradnorm(alpha=0.5)' },
    },
    config: { model: { balancing: { name: 'gradnorm', config: { alpha: 0.5 } } } },
  });
  const wrong = await train('adatt(resdual=false)', '--force');
  expect(wrong).toMatchObject({ code: 2, out: '' });
  expect(wrong.err).toContain('Expected an option of adatt, received "resdual". Did you mean "residual"?');
});

test('a trained model has a folder: it predicts the same, and its scores, card and report agree', async () => {
  const { model, report } = await train(at('people.json'), { ...SMALL, model: 'mmoe', out: at('model') });
  const { model: loaded, rows } = await readTrainedModel(at('model'));
  for await (const table of (await rowStream(at('people.csv'), rows)).tables())
    expect(loaded.predict(encode(table, loaded.schema))).toEqual(model.predict(encode(table, model.schema)));
  const scores = JSON.parse(await readFile(at('model/scores.json'), 'utf8')) as { report: typeof report };
  expect(scores.report.trials[0].metrics).toEqual(report.trials[0].metrics);
  expect(report.trials[0]).toMatchObject({ model: 'mmoe', seed: 1, epochs: 2 });
  expect(report.tested[0]!.calibration.reduce((sum, { rows }) => sum + rows, 0)).toBe(30);
  const auc = report.trials[0].metrics['rich']!['auc']!.toFixed(4);
  for (const file of ['README.md', 'report.html']) expect(await readFile(at(`model/${file}`), 'utf8')).toContain(auc);
  const html = await readFile(at('model/report.html'), 'utf8');
  expect(html).toMatch(/The model uses 2 features\.[^]*numeric: age\.[^]*categorical: state\./);
  for (const part of ['Errors on the test rows', 'Calibration', 'Learning curves', 'Fusion weights, seed 1'])
    expect(html).toContain(`<h2>${part}`);
  expect(html).not.toMatch(/(src|href)="(?!#)/);
  const [header, ...lines] = (await readFile(at('model/test-predictions.csv'), 'utf8')).trim().split('\n');
  expect(header).toBe('row,rich.label,rich.weight,rich,hours.label,hours.weight,hours');
  const source = (await readFile(at('people.csv'), 'utf8')).split('\n');
  const cells = lines.map((line) => /^"people.csv, line (\d+)",(.*)$/.exec(line)!);
  for (const [, line, rest] of cells) {
    const [, , isRich, hours] = source[Number(line) - 1]!.split(',');
    const [rich, , , ofHours] = rest!.split(',');
    expect([rich, ofHours]).toEqual([isRich === 'yes' ? '1' : '0', hours]);
  }
  const column = (at: number) => cells.map(([, , rest]) => Number(rest!.split(',')[at]));
  expect(measuredAuc(column(0), column(2)).toFixed(4)).toBe(auc);
  await expect(access(at('model/checkpoints'))).rejects.toThrow('ENOENT');
  loaded.dispose();
  model.dispose();

  await expect(train(at('people.json'), { ...SMALL, out: at('model') })).rejects.toThrow(
    'received one of other data or options. Pass --force to replace it',
  );
  const onEpoch = () => expect.unreachable('a finished training is not repeated');
  const again = await train(at('people.json'), {
    ...SMALL,
    model: 'mmoe',
    out: at('model'),
    listener: { onEpoch },
  });
  expect(again.report.trials[0].metrics).toEqual(report.trials[0].metrics);
  again.model.dispose();

  const changed = (await readFile(at('model/scores.json'), 'utf8')).replace('"seed": 1,', '"seed": 2,');
  await writeFile(at('model/scores.json'), changed);
  const resumed = train(at('people.json'), { ...SMALL, model: 'mmoe', out: at('model') });
  await expect(resumed).rejects.toThrow('was changed after it was written');
});

test('gradient boosting is trained beside the model where trees can learn the tasks', async () => {
  const { model, report } = await train(at('people.json'), { ...SMALL, out: at('model') });
  expect(report.trials.map(({ model: name }) => name)).toEqual(['adatt', 'gradient-boosting']);
  const { model: own, other: trees, tasks } = report.boosting!;
  expect([own, trees]).toEqual(['adatt', 'gradient-boosting']);
  for (const [i, side] of (['model', 'other'] as const).entries())
    expect(tasks['hours']![side]).toBeCloseTo(report.trials[i]!.metrics['hours']!['rmse']!, 9);
  const auc = tasks['rich']!.other.toFixed(2);
  for (const file of ['README.md', 'report.html'])
    expect(await readFile(at(`model/${file}`), 'utf8')).toContain(`gradient-boosting alone has AUC ${auc}`);
  const document = JSON.parse(await readFile(at('people.json'), 'utf8')) as { tasks: object };
  const focal = { kind: 'binary', positive: 'yes', loss: 'focal' };
  await writeFile(at('focal.json'), JSON.stringify({ ...document, tasks: { ...document.tasks, rich: focal } }));
  const without = await train(at('people.json'), { ...SMALL, boosting: false });
  expect([without.report.trials.length, without.report.boosting]).toEqual([1, undefined]);
  without.model.dispose();
  const other = await train(at('focal.json'), SMALL); // trees minimize it, too
  expect(other.report.boosting).toMatchObject({ model: 'adatt', other: 'gradient-boosting' });
  other.model.dispose();
  model.dispose();
});

test('an interrupted training goes on from its checkpoint, to the same weights', { tags: ['long'] }, async () => {
  const choices = { ...SMALL, epochs: 4, boosting: false };
  const whole = await train(at('people.json'), choices);
  const abort = new AbortController();
  const stop = { onEpoch: (epoch: number) => epoch === 2 && abort.abort(new Error('Ctrl-C')) };
  const options = { ...choices, out: at('model') };
  await expect(train(at('people.json'), { ...options, signal: abort.signal, listener: stop })).rejects.toThrow(
    'Ctrl-C',
  );
  const epochs: number[] = [];
  const resumed = await train(at('people.json'), {
    ...options,
    listener: { onEpoch: (epoch) => void epochs.push(epoch) },
  });
  expect(epochs[0]).toBeGreaterThan(1);
  expect(epochs.at(-1)).toBe(4);
  expect(resumed.report.trials[0].metrics).toEqual(whole.report.trials[0].metrics);
  expect(resumed.model.predict([{ age: 30, state: 'Utah' }])).toEqual(
    whole.model.predict([{ age: 30, state: 'Utah' }]),
  );
  whole.model.dispose();
  resumed.model.dispose();
});

test('a model is chosen, and the result says whether sharing helped', { tags: ['long'] }, async () => {
  const { model, report } = await autoTrain(at('people.json'), {
    ...SMALL,
    epochs: 1,
    minutes: 0.02,
    models: ['mmoe'],
    out: at('auto'),
  });
  expect(report.trials.map((trial) => trial.model)).toContain('single-task');
  expect(report.search!.tried.length).toBeGreaterThan(0);
  expect(await readFile(at('auto/results.jsonl'), 'utf8')).toMatch(/"elapsed":/);
  expect(await readFile(at('auto/report.html'), 'utf8')).toContain('<h2>The search</h2>');
  model.dispose();
});

test('what casts doubt on the scores is said beside them: a label that is one of the features', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => `${(i * 37) % 101},${2 * ((i * 37) % 101) + 1}`);
  await writeFile(at('costs.csv'), `repair,total\n${rows.join('\n')}\n`);
  const document = { files: 'costs.csv', features: { repair: 'numeric' }, tasks: { total: 'regression' } };
  await writeFile(at('costs.json'), JSON.stringify(document));
  const argv = ['--model', 'logistic-regression', '--learning-rate', '0.1', '--batch-size', '32', '--epochs', '20'];
  const { code, out } = await run('train', at('costs.json'), '--out', at('costs'), '--engine', 'cpu', ...argv);
  expect(code).toBe(0);
  expect(out).toMatch(/^Task total: nearly no error \(RMSE 0\.0.* times the deviation\)\. Is this a leak\?/m);
});

test('a learning rate is found, or what is wrong with a model is said with a remedy', async () => {
  const train = (rate: string) => {
    const small = ['--levels', '4', '--engine', 'cpu', '--epochs', '3', '--model', 'mmoe', '--learning-rate', rate];
    return run('train', at('people.json'), '--out', at('model'), '--force', ...small);
  };
  expect((await train('find')).code).toBe(0);
  const { report } = JSON.parse(await readFile(at('model/scores.json'), 'utf8')) as Trained;
  const [trial] = report.trials;
  expect(trial.config.training.learningRate).toBe('find');
  const found = `learning rate ${trial.learningRate}, by a range test before each training`;
  expect(await readFile(at('model/README.md'), 'utf8')).toContain(found);
  const bad = await train('10');
  expect(bad.out).toMatch(/^(Expert|The gate|Task) .* ([Ll]ower|look for|raise) (a|the) learning rate/m);
  expect(await readFile(at('model/README.md'), 'utf8')).toMatch(
    /(Expert|The gate|Task) .* ([Ll]ower|look for|raise) (a|the) learning rate/,
  );
  expect((await run('train', at('people.json'), '--out', at('m'), '--learning-rate', '-1')).err).toContain('above 0');
  const auto = ['--model', 'auto', '--minutes', '0.01', '--learning-rate', 'find', '--engine', 'cpu'];
  expect((await run('train', at('people.json'), '--out', at('a'), ...auto)).err).toContain('the search finds one');
});

test('the commands train and explain, and refuse what they can not do', async () => {
  const small = ['--levels', '4', '--tower', '2', '--embedding', '2', '--engine', 'cpu', '--epochs', '1'];
  small.push('--shared-members', '2');
  const trained = await run('train', at('people.json'), '--out', at('model'), ...small);
  expect([trained.code, trained.out]).toEqual([
    0,
    expect.stringMatching(/^On the test rows, adatt has AUC .* on rich .*and RMSE .* on hours .*constant.*\.\n/),
  ]);
  expect(JSON.parse(await readFile(at('model/model.json'), 'utf8'))).toMatchObject({ config: { members: 2 } });
  const explained = await run(
    'explain',
    at('model'),
    at('people.csv'),
    '--by',
    'state',
    '--repeats',
    '1',
    '--engine',
    'cpu',
    '--out',
    at('e.json'),
  );
  expect(explained.code).toBe(0);
  expect(explained.out).toMatch(/^Utah +21 +rich/m);
  expect(JSON.parse(await readFile(at('e.json'), 'utf8'))).toMatchObject({ rows: 30 });
  const usage = [
    [
      ['train', 'people.csv', '--out', 'm'],
      'Run polytask describe people.csv --out people.json first, then polytask train people.json --out m.',
    ],
    [
      ['train', at('people.json'), '--out', 'm', '--minutes', '5'],
      'Expected --model auto with --minutes. Add it, or leave --minutes out.',
    ],
    [
      ['train', at('people.json'), '--out', 'm', '--model', 'auto', '--gate', 'softmax'],
      'Expected --gate with the name of a model. Name it in place of --model auto',
    ],
    [['train', at('people.json'), '--out', 'm', '--model', 'adat'], 'Did you mean "adatt"?'],
    [
      ['train', at('people.json'), '--out', 'm', '--balancer', 'tuned-weights'],
      'Pass --model auto, which tries task weights',
    ],
    [['explain', 'm', 'rows.csv', '--out', 'e.txt'], 'a file name that ends in .html or .json'],
  ] as const;
  for (const [argv, message] of usage)
    expect(await run(...argv)).toMatchObject({ code: 2, err: expect.stringContaining(message) as string });
});
