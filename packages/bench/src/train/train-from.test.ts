import { mapValues } from '@polytask/components';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { load, readParameters, type MultiTaskModel } from '@polytask/core';
import { ensembleOf, type EnsembleOptions } from '@polytask/baselines';
import { readTrainedModel, writeTrainedModel } from '@polytask/data';
import type { ComparedRows, TrainingReport } from '@polytask/study';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { train } from './train.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);
const tasks = { rich: { kind: 'binary', positive: 'yes' }, hours: 'regression' };
const features = { age: 'numeric', state: 'categorical' };
const HEAD = 'age,state,rich,hours';
const rowsOf = (states: readonly string[], years = 1) =>
  Array.from(
    { length: 200 },
    (_, i) => `${(i % 41) * years},${states[i % states.length]},${i % 41 > 20 ? 'yes' : 'no'},${i % 7}`,
  );
const write = (name: string, rows: readonly string[], head = HEAD) =>
  writeFile(at(name), `${head}\n${rows.join('\n')}\n`);
const document = (name: string, content: object) =>
  writeFile(at(name), JSON.stringify({ files: name.replace('.json', '.csv'), features, tasks, ...content }));

const weightsOf = async ({ store }: MultiTaskModel) => mapValues(await readParameters(store), ({ data }) => [...data]);

const SMALL = { engine: 'cpu', epochs: 2, scratch: false } as const;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-from-'));
  await write('old.csv', rowsOf(['Utah', 'Ohio']));
  await document('old.json', {});
  await write('new.csv', rowsOf(['Iowa', 'Ohio', 'Utah']));
  const size = { levels: [4], tower: [2], embedding: 2 };
  (await train(at('old.json'), { ...SMALL, size, out: at('old') })).model.dispose();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(['train', ...argv, '--engine', 'cpu', '--epochs', '1'], io);
  return { code, out: out(), err: err() };
}

test('a model is trained further on rows with new values, and compared on new rows and old ones', async () => {
  const options = { ...SMALL, from: at('old'), out: at('new'), trainable: ['heads.*', 'input.table'] };
  const { model, report } = await train(at('new.csv'), { ...options, oldData: at('old.json') });
  const old = await load(at('old'));
  const [was, is] = [await weightsOf(old), await weightsOf(model)];
  for (const name of Object.keys(was)) {
    if (/^(heads|input)\./.test(name)) expect(is[name], name).not.toEqual(was[name]);
    else expect(is[name], name).toEqual(was[name]);
  }
  expect(model.schema.features['age']).toEqual(old.schema.features['age']);
  expect(report.continued).toMatchObject({ from: at('old'), ids: 1, tasks: [] });
  const [fresh, before] = report.continued!.compared;
  expect([fresh!.size, before!.size]).toEqual([20, 20]);
  expect(fresh!.scores['hours']!['rmse']!.after).toBeCloseTo(report.trials[0].metrics['hours']!['rmse']!, 6);
  const scores = JSON.parse(await readFile(at('old/scores.json'), 'utf8')) as { report: typeof report };
  const ofOld = scores.report.trials[0];
  expect(before!.scores['rich']!['auc']!.before).toBeCloseTo(ofOld.metrics['rich']!['auc']!, 6);
  expect(report.trials[0].config).toMatchObject({
    size: { levels: [4] },
    training: { trainable: ['heads.*', 'input.table'] },
  });
  expect(await readFile(at('new/README.md'), 'utf8')).toContain('Only heads.*, input.table was trained');
  const again = await readTrainedModel(at('new'));
  expect(await weightsOf(again.model)).toEqual(is);
  expect(again.rows.tasks['rich']).toMatchObject({ positive: 'yes' });
  // and once more, without an epoch: the training is finished
  const listener = { onEpoch: () => expect.unreachable('a finished training is not repeated') };
  const resumed = await train(at('new.csv'), { ...options, oldData: at('old.json'), listener });
  expect(await weightsOf(resumed.model)).toEqual(is);
  for (const each of [model, old, again.model, resumed.model]) each.dispose();
});

test('a file of rows is split as the rows of the first training were', async () => {
  const days = rowsOf(['Utah', 'Ohio']).map((row, i) => `${row},${(i * 7) % 200}`);
  await write('days.csv', days, `${HEAD},day`);
  await document('days.json', { split: { kind: 'time', column: 'day', test: 0.1, validation: 0.1 } });
  (await train(at('days.json'), { ...SMALL, out: at('by-day') })).model.dispose();
  const later = days.map((row) => row.replace(/\d+$/, (day) => String(+day + 200)));
  await write(
    'later.csv',
    later.map((row, i) => `${(i % 41) + i / 1000 + (/,3[89].$/.test(row) ? 500 : 0)}${row.slice(row.indexOf(','))}`),
    `${HEAD},day`,
  );
  const notes: string[] = [];
  const listener = { onNote: (message: string) => void notes.push(message) };
  (await train(at('later.csv'), { ...SMALL, from: at('by-day'), out: at('later'), listener })).model.dispose();
  expect(notes).not.toContainEqual(expect.stringContaining('has learned nothing')); // the first training may have
  const tested = (await readFile(at('later/test-predictions.csv'), 'utf8')).matchAll(/later\.csv, line (\d+)/g);
  const dayOf = ([, line]: RegExpMatchArray) => Number(later[Number(line) - 2]!.split(',').at(-1));
  expect([...tested].map(dayOf).sort()).toEqual(Array.from({ length: 20 }, (_, i) => 380 + i));
  await expect(train(at('new.csv'), { ...SMALL, from: at('by-day') })).rejects.toThrow('Expected column "day"');

  const oneDay = later.map((row, i) => `${(i % 41) + i / 1000}${row.slice(row.indexOf(',')).replace(/\d+$/, '500')}`);
  await write('one-day.csv', oneDay, `${HEAD},day`);
  (await train(at('one-day.csv'), { ...SMALL, from: at('by-day'), listener })).model.dispose();
  expect(notes).toContainEqual(expect.stringContaining('have 1 value of "day", too few for a split by it'));
});

test('a further task gets a tower and a head, and rows of one class of an old task will do', async () => {
  const rows = rowsOf(['Utah', 'Ohio']).map((row, i) => `${row.replace('yes', 'no')},${i % 2}`);
  await write('click.csv', rows, `${HEAD},click`);
  await document('click.json', { tasks: { ...tasks, click: 'binary' } });
  const { model, report } = await train(at('click.json'), { ...SMALL, from: at('old'), rates: { 'levels.*': 0.1 } });
  expect(report.continued).toMatchObject({ ids: 0, tasks: ['click'] });
  expect(model.predict([{ age: 30, state: 'Utah' }])['click']).toHaveLength(1);
  expect(model.schema.tasks['hours']).toMatchObject({ fitted: (await load(at('old'))).schema.tasks['hours']!.fitted });
  model.dispose();
});

test('the command says what changed, and what to do where it can not', async () => {
  await write('months.csv', rowsOf(['Utah', 'Ohio'], 12));
  const done = await run(at('months.csv'), '--from', at('old'), '--out', at('months'), '--threshold', 'f1');
  expect(done.err).toMatch(/^1\/2 adatt, seed 1.*\n2\/2 new adatt, seed 1/m);
  expect(done.err).toMatch(/Feature age is .* in these rows, and was .* Has it another unit\?/);
  expect(done.out).toContain(
    `It continues the training of ${at('old')}.\nThese models are compared on 20 test rows: intervals hold for all tasks together.`,
  );
  expect(done.out).toContain(
    'Deploy a new model: on the new rows, it is significantly better than the old model on rich, and significantly worse on no task. ' +
      `It is in ${at('months/new')}, beside the files of the continued model.\nWhether it got worse on old rows is unknown: pass --old-data.`,
  );
  const fresh = await readTrainedModel(at('months/new'));
  const { age } = (await load(at('old'))).schema.features;
  expect(fresh.model.schema.features['age']).toEqual(age); // the encoding is that of the old model
  expect(fresh.model.schema.tasks['rich']!.calibrated).toHaveProperty('threshold');
  const [there, here] = (await Promise.all(
    ['months', 'months/new'].map(
      async (name) => JSON.parse(await readFile(at(`${name}/scores.json`), 'utf8')) as object,
    ),
  )) as [{ report: TrainingReport }, { report: TrainingReport }];
  const [{ scores }] = there.report.continued!.compared as [ComparedRows];
  expect(here.report.trials[0].metrics['rich']!['auc']).toBeCloseTo(scores['rich']!['auc']!.new!, 6);
  expect(existsSync(at('months/new/test-predictions.csv'))).toBe(true);
  expect(done.out).toMatch(/^20 test rows of months.csv +rich +AUC ↑ +[.\d]+ +[.\d]+ +[.\d]+$/m);

  await write('years.csv', rowsOf(['Utah']), 'years,state,rich,hours');
  await document('kinds.json', {
    files: 'new.csv',
    features: { age: 'categorical', job: { kind: 'categorical', from: 'state' } },
  });
  const faults: readonly [readonly string[], string][] = [
    [['years.csv'], 'Expected column "age" in'],
    [['kinds.json'], 'feature "age" is categorical, and was numeric; feature "state" is gone; feature "job" is new'],
    [['new.csv', '--model', 'mmoe'], 'Expected no model with from, whose model has its architecture'],
    [['new.csv', '--levels', '4'], 'Expected no size with from'],
    [['new.csv', '--trainable', 'tower.*'], 'Did you mean "towers.*"?'],
    [['new.csv', '--rates', 'towers.*'], 'Expected a factor above 0 for --rates.towers.*, received ""'],
  ];
  for (const [[file, ...argv], message] of faults) {
    const { code, err } = await run(at(file!), '--from', at('old'), '--out', at('x'), '--force', ...argv);
    expect(code, message).not.toBe(0);
    expect(err).toContain(message);
  }
  const over = await run(at('new.csv'), '--from', at('old'), '--out', at('old'));
  expect(over.err).toContain('Expected another folder than that of --from');
  expect((await run(at('old.json'), '--out', at('x'), '--old-data', at('old.csv'))).err).toContain(
    'Expected --old-data with --from.',
  );
});

test('a calibrated model is calibrated anew, or the report names the options for it', async () => {
  const calibrated = { calibration: { rich: 'platt' }, threshold: { rich: 'f1' } } as const;
  (await train(at('old.json'), { ...SMALL, out: at('sure'), ...calibrated })).model.dispose();
  const done = await run(at('new.csv'), '--from', at('sure'), '--out', at('b'), '--no-scratch', '--threshold', 'f1');
  expect(done.err).not.toContain('calibrate');
  expect(done.out).toContain("It isn't calibrated as that model was: pass --calibration to calibrate it on");
  const { model, report } = await train(at('new.csv'), { ...SMALL, from: at('sure'), ...calibrated });
  expect(report.continued!.uncalibrated).toEqual([]);
  expect(Object.keys(model.schema.tasks['rich']!.calibrated!)).toContain('threshold');
  expect(report.trials[0].warnings.map(({ kind }) => kind)).not.toContain('calibration-removed');
  model.dispose();
});

test('trees get more trees, or other leaves', async () => {
  const { model: old } = await train(at('old.json'), { ...SMALL, model: 'gradient-boosting', out: at('trees') });
  const { model, report } = await train(at('new.csv'), { ...SMALL, from: at('trees'), out: at('more') });
  const [before, after] = [old, model].map(({ config: { network } }) => network.config as Record<string, number>);
  expect(before!['initIterations']).toBe(0);
  expect(after!['initIterations']).toBeGreaterThan(0);
  expect(report.continued).toMatchObject({ ids: 1, deploy: { kind: 'deploy', evidence: { isNewTrained: false } } });
  const refitted = await train(at('new.csv'), { ...SMALL, from: at('more'), refitDecayRate: 0.9, scratch: true });
  expect(refitted.model.config.network.config).toMatchObject({ refitDecayRate: 0.9 });
  expect(refitted.report.continued!.comparisons.map(({ model, other }) => [model, other])).toEqual([
    ['the continued model', 'the old model'],
    ['a new model', 'the old model'],
    ['a new model', 'the continued model'],
  ]);
  await expect(train(at('new.csv'), { ...SMALL, from: at('old'), refitDecayRate: 0.9 })).rejects.toThrow(
    'Expected a model with boosted trees for refitDecayRate, received "adatt".',
  );
  for (const each of [old, model, refitted.model]) each.dispose();
});

test('each member of an average is trained further by its own training', async () => {
  const trained = [];
  for (const model of ['shared-bottom', 'gradient-boosting'])
    trained.push(await train(at('old.json'), { ...SMALL, size: { levels: [4] }, model, out: at(model) }));
  const weights = [
    { rich: 1, hours: 3 },
    { rich: 1, hours: 1 },
  ];
  const old = ensembleOf(trained.map(({ model }, m) => ({ model, weight: weights[m]! })));
  await writeTrainedModel(at('average'), old, trained[0]!.report.trials[0].config.data.file as Record<string, unknown>);
  const options = { ...SMALL, from: at('average'), out: at('further') };
  const { model, report } = await train(at('new.csv'), { ...options, scratch: true });
  const shares = (each: MultiTaskModel) =>
    (each.config.network.config as EnsembleOptions).members.map(({ shares }) => shares);
  expect(shares(model)).toEqual(shares(old));
  expect(shares(model)[0]).toEqual({ rich: 0.5, hours: 0.75 });
  const networks = (model.config.network.config as EnsembleOptions).members.map(({ network }) => network);
  expect(networks.map(({ name }) => name)).toEqual(['shared-bottom', 'gradient-boosting']);
  expect((networks[1]!.config as Record<string, number>)['initIterations']).toBeGreaterThan(0);
  expect(report.continued).toMatchObject({ ids: 1 });
  expect(report.continued!.comparisons).toHaveLength(3);
  const again = await train(at('new.csv'), { ...options, scratch: true });
  expect(again.report.continued).toEqual(report.continued);
  for (const each of [...trained, again]) each.model.dispose();
  for (const each of [old, model]) each.dispose();
});

test('an interrupted training continues from its checkpoint, to the same scores', { tags: ['long'] }, async () => {
  const options = { ...SMALL, epochs: 4, from: at('old') };
  const whole = await train(at('new.csv'), options);
  const abort = new AbortController();
  const stop = { onEpoch: (epoch: number) => epoch === 2 && abort.abort(new Error('Ctrl-C')) };
  const stopped = train(at('new.csv'), { ...options, out: at('new'), signal: abort.signal, listener: stop });
  await expect(stopped).rejects.toThrow('Ctrl-C');
  const resumed = await train(at('new.csv'), { ...options, out: at('new') });
  expect(await weightsOf(resumed.model)).toEqual(await weightsOf(whole.model));
  expect(resumed.report.continued).toEqual(whole.report.continued);
  for (const each of [whole, resumed]) each.model.dispose();
});

test('options of a data set file are applied, or refused where they contradict the model', async () => {
  const renamed = rowsOf(['Utah', 'Ohio']);
  await write(
    'renamed.csv',
    renamed.map((row, i) => `${row},${i % 3}`),
    'age,state,rich,wage,sure',
  );
  const hours = { kind: 'regression', from: 'wage', weight: 9, weightFrom: 'sure' };
  await document('renamed.json', {
    tasks: { ...tasks, hours },
    features: { ...features, state: { kind: 'categorical', minCount: 2 } },
  });
  const [applied, plain] = [
    await train(at('renamed.json'), { ...SMALL, from: at('old'), out: at('applied') }),
    await train(at('old.csv'), { ...SMALL, from: at('old') }),
  ];
  expect(applied.model.schema.tasks['hours']).toMatchObject({ from: 'wage', weight: 9, weightFrom: 'sure' });
  expect(await weightsOf(applied.model)).not.toEqual(await weightsOf(plain.model));
  expect((await readTrainedModel(at('applied'))).rows.tasks['hours']).toMatchObject(hours);
  for (const each of [applied, plain]) each.model.dispose();

  const refused: readonly [object, string][] = [
    [{ tasks: { ...tasks, rich: { kind: 'binary', positive: 'no' } } }, 'task "rich": positive is "no", and was "yes"'],
    [{ tasks: { ...tasks, rich: 'binary' } }, 'task "rich": positive is missing, and was "yes"'],
    [{ tasks: { ...tasks, hours: { kind: 'regression', log: true } } }, 'task "hours": log is true, and was missing'],
    [{ features: { ...features, age: { kind: 'numeric', log: true } } }, 'feature "age": log is true, and was missing'],
    [{ context: ['state'] }, 'context is ["state"], and was missing'],
  ];
  for (const [content, message] of refused) {
    await document('other.json', { files: 'old.csv', ...content });
    await expect(train(at('other.json'), { ...SMALL, from: at('old') }), message).rejects.toThrow(message);
  }
});
