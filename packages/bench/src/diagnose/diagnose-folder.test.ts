import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { load, randomStream, save } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';
import type { Diagnosis } from './diagnose-folder.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);

interface Person {
  age: number;
  state: string;
  rich: string;
  hours: number;
}

/** People whose age tells whether they are rich, and how long they work. */
function people(seed: number, size: number, change: (person: Person, i: number) => Partial<Person> = () => ({})) {
  const draws = randomStream(seed, 'people').uniform(4 * size);
  return Array.from({ length: size }, (_, i): Person => {
    const [a = 0, b = 0, c = 0, d = 0] = draws.subarray(4 * i, 4 * i + 4);
    const rich = a + 0.4 * (c - 0.5) > 0.5 ? 'yes' : 'no';
    const person = { age: 20 + 60 * a, state: b < 0.6 ? 'Utah' : 'Ohio', rich, hours: Math.round(30 + 20 * a + 4 * d) };
    return { ...person, ...change(person, i) };
  });
}

const COLUMNS = ['age', 'state', 'rich', 'hours'] as const;
const write = (name: string, rows: readonly Person[], columns: readonly (keyof Person)[] = COLUMNS) =>
  writeFile(at(name), `${columns.join()}\n${rows.map((row) => columns.map((key) => row[key]).join()).join('\n')}\n`);

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, io);
  return { code, out: out(), err: err() };
}

async function diagnosis(model: string, file: string): Promise<Diagnosis> {
  const { code, out, err } = await run('diagnose', at(model), at(file), '--json', '--engine', 'cpu');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Diagnosis;
}
const kinds = ({ findings }: Diagnosis) => findings.map(({ kind }) => kind);

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-diagnose-'));
  await write('people.csv', people(1, 1200));
  await write('test.csv', people(2, 600));
  const described = {
    files: 'people.csv',
    features: { age: 'numeric', state: 'categorical' },
    tasks: { rich: { kind: 'binary', positive: 'yes' }, hours: 'regression' },
  };
  await writeFile(at('people.json'), JSON.stringify(described));
  const small = ['--levels', '16', '--tower', '16', '--epochs', '10', '--batch-size', '50', '--learning-rate', '0.01'];
  expect((await run('train', at('people.json'), '--out', at('m'), '--engine', 'cpu', ...small)).code).toBe(0);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('nothing is found in a healthy model on rows like those of the training, in any order of columns', async () => {
  await write('turned.csv', people(3, 600), ['hours', 'state', 'rich', 'age']);
  expect(await diagnosis('m', 'turned.csv')).toEqual({
    rows: 600,
    findings: [],
    compared: true,
    leftOut: [{ rows: 'rows of turned.csv', of: 600, seen: 0, withValidation: true }],
  });
  const { code, out } = await run('diagnose', at('m'), at('test.csv'), '--engine', 'cpu');
  expect([code, out]).toEqual([0, expect.stringMatching(/^.*m on 600 rows\nNothing was found\./) as string]);
  await cp(at('m'), at('bare'), { recursive: true });
  await rm(at('bare/profile.json'));
  for (const name of ['scores', 'rows']) await rm(at(`bare/${name}.json`));
  expect(await diagnosis('bare', 'test.csv')).toEqual({ rows: 600, findings: [], compared: false, leftOut: [] });
  expect((await run('diagnose', at('bare'), at('test.csv'), '--engine', 'cpu')).out).toContain('no profile.json');
});

test('finds what is wrong with the rows: drift, leaks, guesses and missing classes, each with a remedy', async () => {
  const chance = randomStream(9, 'chance').uniform(600);
  await write(
    'drifted.csv',
    people(4, 600, (_, i) => ({ age: i % 2 ? 20 : 30 + 0.01 * i, rich: chance[i]! < 0.5 ? 'yes' : 'no' })),
  );
  const drifted = await diagnosis('m', 'drifted.csv');
  expect(kinds(drifted)).toEqual(expect.arrayContaining(['out-of-range', 'auc-at-half']));
  expect(drifted.findings[0]).toMatchObject({
    ...{ kind: 'out-of-range', about: { column: 'age' } },
    remedy: { command: `polytask train ${at('drifted.csv')} --from ${at('m')} --out ${at('m')}-2` },
  });
  expect(drifted.findings[0]!.message).toMatch(
    /^age: 50\.0% of the values are outside the range of the training\. Train on rows like these, with labels: `polytask train .*drifted\.csv/,
  );
  const { out } = await run('diagnose', at('m'), at('drifted.csv'), '--engine', 'cpu');
  expect(out).toMatch(/^\d findings:$/m);
  for (const { message } of drifted.findings) expect(out.replace(/\s+/g, ' ')).toContain(message.slice(0, 40));
  await write(
    'leaky.csv',
    people(5, 600, ({ age }) => ({ hours: age, rich: 'yes' })),
  );
  const leaky = await diagnosis('m', 'leaky.csv');
  expect(leaky.findings).toMatchObject([
    { kind: 'label-among-features', about: { task: 'hours', column: 'age' } },
    { kind: 'missing-class', about: { task: 'rich' }, evidence: { classes: ['no'] } },
    { kind: 'biased-total', about: { task: 'hours' } }, // they are other hours
  ]);
});

test('finds dead experts and constant predictions of a model', async () => {
  const model = await load(at('m'));
  for (const { variable } of model.store.trainable()) variable.assign(tf.zeros(variable.shape));
  await save(model, at('dead'));
  model.dispose();
  const found = await diagnosis('dead', 'test.csv');
  expect(new Set(kinds(found))).toEqual(new Set(['constant-output', 'dead-expert']));
  expect(found.compared).toBe(false); // a saved model has no profile
});

test('says what is missing: columns, labels, rows and files', async () => {
  const failure = async (model: string, file: string) => {
    const { code, err } = await run('diagnose', at(model), at(file), '--engine', 'cpu');
    expect(code).toBe(1);
    return err;
  };
  await write('few.csv', people(6, 20), ['age', 'rich', 'hours']);
  expect(await failure('m', 'few.csv')).toMatch(/column "state" in .*few\.csv/);
  await write('unlabeled.csv', people(6, 20), ['age', 'state', 'rich']);
  expect(await failure('m', 'unlabeled.csv')).toMatch(/column "hours" in .*unlabeled\.csv/);
  await writeFile(at('none.jsonl'), '');
  expect(await failure('m', 'none.jsonl')).toMatch(/none\.jsonl/);
  await cp(at('m'), at('torn'), { recursive: true });
  await writeFile(at('torn/weights.safetensors'), 'x');
  expect(await failure('torn', 'test.csv')).toMatch(/weights\.safetensors/);
  expect(await failure('nothing', 'test.csv')).toMatch(/model\.json/);
});
