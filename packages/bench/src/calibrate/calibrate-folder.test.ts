import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { load } from '@polytask/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);
const described = {
  files: 'people.csv',
  features: { age: 'numeric', state: 'categorical' },
  tasks: { rich: { kind: 'binary', positive: 'yes' }, hours: 'regression' },
};

async function writePeople(count: number): Promise<void> {
  const rows = Array.from(
    { length: count },
    (_, i) => `${i % 41},${i % 3 ? 'Utah' : 'Ohio'},${(i * 7919) % 41 > i % 41 ? 'no' : 'yes'},${i % 7}`,
  );
  await writeFile(at('people.csv'), `age,state,rich,hours\n${rows.join('\n')}\n`);
}

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-calibrate-'));
  await writePeople(400);
  await writeFile(at('people.json'), JSON.stringify({ ...described, intervals: { hours: 0.8 }, threshold: 'f1' }));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, io);
  return { code, out: out(), err: err() };
}

interface Report {
  calibrated: { calibration: { logLoss: [number, number] } }[];
  trials: { metrics: Record<string, Record<string, number>> }[];
}

const SMALL = ['--levels', '4', '--tower', '2', '--epochs', '2', '--engine', 'cpu'];
const train = (...more: string[]) => run('train', at('people.json'), '--out', at('m'), ...SMALL, ...more);

test('train calibrates by flags and by the data set file, and predict, report and calibrate follow', async () => {
  await writePeople(2000);
  const plain = await run('train', at('people.json'), '--out', at('plain'), ...SMALL);
  expect(plain).toMatchObject({ code: 0 });
  const trained = await train('--calibration', 'platt');
  expect(trained).toMatchObject({ code: 0 });
  expect(trained.out).toContain('rich is calibrated by platt: its calibration error is');
  expect(trained.out).toContain('The decision on rich is yes from');
  expect(trained.out).toMatch(/of the labels of hours are within its intervals, which promise 80.0%/);
  expect(await readFile(at('m/report.html'), 'utf8')).toContain('calibration error, before and after');
  const reportIn = async (folder: string) =>
    (JSON.parse(await readFile(at(`${folder}/scores.json`), 'utf8')) as { report: Report }).report;
  const report = await reportIn('m');
  expect(report.calibrated).toMatchObject([
    { task: 'rich', calibration: { name: 'platt' }, threshold: { rule: 'f1' } },
    { task: 'hours', interval: { level: 0.8 } },
  ]);
  const [before, after] = report.calibrated[0]!.calibration.logLoss;
  expect(after).not.toBeCloseTo(before, 5);
  const entropyOf = ({ trials }: Report) => trials[0]!.metrics['rich']!['ne']!;
  expect(entropyOf(report) / entropyOf(await reportIn('plain'))).toBeCloseTo(after / before, 4); // of the model in the folder
  await run('predict', at('m'), at('people.csv'), '--out', at('p.csv'));
  const header = async () => (await readFile(at('p.csv'), 'utf8')).split('\n')[0];
  expect(await header()).toBe('rich,rich.decision,hours,hours.low,hours.high');

  const rule = 'rich=cost(falsePositive=1,falseNegative=3)';
  const again = await run(
    'calibrate',
    at('m'),
    at('people.csv'),
    '--threshold',
    rule,
    '--intervals',
    'hours=0,rich=0.9',
  );
  expect(again.code).toBe(0);
  expect(again.out).toMatch(
    /^rich: platt, 90\.0% coverage, yes from [\d.]+ \(cost\(falseNegative=3,falsePositive=1\)\)\n1,600 of 2,000 rows of people.csv have the features of rows that the model was trained on, and are left out.\n$/,
  );
  await run('predict', at('m'), at('people.csv'), '--out', at('p.csv'), '--force');
  expect(await header()).toBe('rich,rich.set,rich.decision,hours');
  const model = await load(at('m'));
  expect(model.schema.tasks['rich']!.calibrated!.threshold!.rule.config).toEqual({
    falsePositive: 1,
    falseNegative: 3,
  });
  model.dispose();

  const anew = 'The model was calibrated anew on 400 rows of people.csv. Its scores here were measured before that.';
  const finished = await train('--calibration', 'platt'); // the folder is that of the training
  expect(finished.out.replace(/\s+/g, ' ')).toContain(anew);
  for (const file of ['README.md', 'report.html']) expect(await readFile(at(`m/${file}`), 'utf8')).toContain(anew);
});

test.each([
  [['--calibration', 'isotonik'], 'Did you mean "isotonic"?'],
  [['--calibration', 'hours=platt'], 'numbers and counts have intervals'],
  [['--intervals', '0.99'], '99 labeled rows or more for intervals of 0.99'],
  [['--intervals', 'many'], 'a number in [0, 1) for --intervals'],
  [['--intervals', 'rich=0.9,0.8'], 'one value for all tasks, or TASK=VALUE for each'],
  [['--threshold', 'cost(falsePositive=1)'], 'a number of 0 or more for cost.falseNegative'],
])('train refuses %j before it trains', async (flags, message) => {
  const { code, err } = await train(...flags);
  expect(code).not.toBe(0);
  expect(err).toContain(message);
  expect(err).not.toContain('best epoch');
});

test('a calibration that is left out changes no file of the model', async () => {
  await writeFile(at('people.json'), JSON.stringify(described));
  expect((await train('--epochs', '1')).code).toBe(0);
  const files = ['model.json', 'profile.json', 'scores.json', 'README.md'];
  const contents = () => Promise.all(files.map((file) => readFile(at(`m/${file}`), 'utf8')));
  const before = await contents();
  const rows = Array.from({ length: 60 }, (_, i) => `${(i * 7) % 41}.5,Utah,${i % 2 ? 'yes' : 'no'},${i % 7}`);
  await writeFile(at('other.csv'), `age,state,rich,hours\n${rows.join('\n')}\n`);
  const { code, out } = await run('calibrate', at('m'), at('other.csv'), '--calibration', 'isotonic');
  expect([code, out]).toEqual([0, expect.stringContaining('rich: uncalibrated, as isotonic')]);
  expect(await contents()).toEqual(before);
});

test('calibrate refuses to do nothing', async () => {
  expect(await run('calibrate', at('m'), at('people.csv'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('Expected one of calibration, intervals, threshold, received none') as string,
  });
});
