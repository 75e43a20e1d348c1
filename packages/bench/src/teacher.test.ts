import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  comparisonDocument,
  openData,
  openSetting,
  planTrials,
  renderText,
  rowsOfSpec,
  sealedRows,
  type Teacher,
  type TrialSpec,
} from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSuite } from './run-suite.ts';
import { readSuite, type RunOptions } from './run-options.ts';
import { trialOf } from './model-folder.ts';
import { openTeacher } from './teacher.ts';
import { train } from './train/train.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);
const SMALL = { engine: 'cpu', epochs: 1, size: { levels: [4], tower: [2], embedding: 2 }, force: true } as const;
const teach = async (seed: number, out: string) =>
  (await train(at('rows.json'), { ...SMALL, seed, out: at(out) })).model.dispose();

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-teacher-'));
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${i % 41},${['Utah', 'Ohio', 'Iowa'][i % 3]!},${i % 41 > 20 ? 'yes' : 'no'}`,
  );
  await writeFile(at('rows.csv'), `age,state,rich\n${rows.join('\n')}\n`);
  const tasks = { rich: { kind: 'binary', positive: 'yes' } };
  await writeFile(
    at('rows.json'),
    JSON.stringify({ files: 'rows.csv', features: { age: 'numeric', state: 'categorical' }, tasks }),
  );
  for (const seed of [1, 2]) await teach(seed, `teacher-${seed}`);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function planned(
  options: RunOptions,
): Promise<{ specs: TrialSpec[]; taught: (spec: TrialSpec) => Promise<Teacher> }> {
  const suite = await readSuite({
    suite: at('rows.json'),
    models: ['shared-bottom'],
    boosting: false,
    epochs: 1,
    ...options,
  });
  const data = openData(() => Promise.resolve(suite.entry), openTeacher);
  const specs = planTrials(await openSetting(suite, suite.settings[0]!, { name: 'cpu', mode: 'eager' }, data));
  const taught = async (spec: TrialSpec) => sealedRows(await rowsOfSpec(data, spec)).teacher!();
  return { specs, taught };
}

test('each seed has the teacher of its split, whose hash is in the key', async () => {
  const options = { seeds: [1, 2], teacherModel: at('teacher-{seed}') };
  const { specs, taught } = await planned(options);
  expect(specs.map(({ teacher }) => teacher!.paths)).toEqual([[at('teacher-1')], [at('teacher-2')]]);
  expect(specs[0]!.config.training.teacher).toBe(0.5);
  expect(JSON.stringify(specs.map(({ config }) => config))).not.toContain(directory);
  for (const spec of specs) {
    const { model, rows } = (await taught(spec)) as Extract<Teacher, { model: unknown }>;
    expect(rows.schema).toEqual(model.schema);
    expect(rows.size).toBe(160);
    model.dispose();
  }
  const keys = async () => (await planned(options)).specs.map(({ key }) => key);
  const before = await keys();
  expect(await keys()).toEqual(before);
  await train(at('rows.json'), { ...SMALL, learningRate: 0.1, seed: 2, out: at('teacher-2') });
  const after = await keys();
  after.forEach((key) => expect(before).not.toContain(key));
  await expect(taught(specs[1]!)).rejects.toThrow('that the run began with, received another model');
});

test('a teacher of another split of the same files is refused', async () => {
  const { specs, taught } = await planned({ seeds: [2], teacherModel: at('teacher-1') });
  await expect(taught(specs[0]!)).rejects.toThrow(
    'Expected a teacher that was trained on the split of seed 2, received',
  );
});

test('a teacher of the same files is refused if they were split by another rule', async () => {
  const { files, features, tasks } = JSON.parse(await readFile(at('rows.json'), 'utf8')) as Record<string, unknown>;
  const split = { kind: 'random', validation: 0.1, test: 0.1, groupBy: 'age' };
  await writeFile(at('by-state.json'), JSON.stringify({ files, features, tasks, split }));
  const { specs, taught } = await planned({ suite: at('by-state.json'), seeds: [1], teacherModel: at('teacher-1') });
  await expect(taught(specs[0]!)).rejects.toThrow(
    'of another split of the same files: its training rows are test rows here',
  );
});

test('train has the own score of its teacher, as the folder of the teacher has it, and keeps it in its folder', async () => {
  const options = {
    ...SMALL,
    model: 'shared-bottom',
    out: at('student'),
    boosting: false,
    teacherModel: at('teacher-1'),
  };
  const { model, report } = await train(at('rows.json'), options);
  const auc = (await trialOf(at('teacher-1')))!.metrics['rich']!.auc!;
  expect(report.teacher).toMatchObject({ model: 'shared-bottom', other: path.relative('', at('teacher-1')) });
  expect(report.teacher!.tasks['rich']!.other).toBeCloseTo(auc, 6);
  expect(report.teacher!.tasks['rich']!.model).toBeCloseTo(report.trials[0].metrics['rich']!.auc!, 6);
  const again = await train(at('rows.json'), { ...options, force: false });
  expect(again.report.teacher).toEqual(report.teacher);
  for (const each of [model, again.model]) each.dispose();
});

test('a comparison has a row of the teacher of each seed, with the scores that its folder has', async () => {
  const { teachers, scores } = await compareWithTeachers('rich');
  expect(teachers.map(({ seed }) => seed)).toEqual([1, 2]);
  for (const [i, { metrics, parameters }] of teachers.entries()) {
    const own = (await trialOf(at(`teacher-${i + 1}`)))!;
    expect(metrics['rich']!.auc).toBeCloseTo(own.metrics['rich']!.auc!, 6);
    expect(parameters).toBe(own.parameters);
  }
  expect(scores).toMatch(/take teacher: |teacher alone has AUC/); // whichever ranks first
});

test('a teacher without a task of the comparison has no row, and a note says why', async () => {
  const { teachers, notes } = await compareWithTeachers('rich', 'poor');
  expect(teachers).toEqual([]);
  expect(notes[0]).toMatch(/The teacher .*teacher-1 has no task poor, so the table has no row of it\./);
});

async function compareWithTeachers(...names: string[]) {
  const document = JSON.parse(await readFile(at('rows.json'), 'utf8')) as object;
  const every = {
    rich: { kind: 'binary', positive: 'yes' },
    poor: { kind: 'binary', from: 'rich', positive: 'no' },
  };
  const tasks = Object.fromEntries(Object.entries(every).filter(([name]) => names.includes(name)));
  await writeFile(at('compared.json'), JSON.stringify({ ...document, tasks }));
  const notes: string[] = [];
  const { summaries, trials } = await runSuite({
    ...{ suite: at('compared.json'), models: ['single-task', 'shared-bottom'], boosting: false, engine: 'cpu' },
    ...{ epochs: 1, seeds: [1, 2], teacherModel: at('teacher-{seed}') },
    listener: { onNote: (note) => void (note.startsWith('The teacher') && notes.push(note)) },
  });
  const scores = renderText(comparisonDocument({ summaries, trials }));
  return { teachers: trials.filter(({ model }) => model === 'teacher'), scores, notes };
}

test.each<[RunOptions, string]>([
  [{ teacherModel: 'nowhere' }, 'received none. Pass the folder of a trained model.'],
  [{ folds: 2 }, 'Leave folds out.'],
  [{ queue: 'redis://127.0.0.1' }, 'Pass workers instead: those of a queue do not have the teacher.'],
])('%j is refused before a run', async (options, message) => {
  await expect(planned({ seeds: [1], teacherModel: at('teacher-1'), ...options })).rejects.toThrow(message);
});
