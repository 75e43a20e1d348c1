import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
// README
import { adatt } from '@polytask/adatt';
import { binary, multiTaskModel, type Schema } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { compilePredict, encodeForOnnx, exportOnnx } from '@polytask/serving';
// END
import { hashOf } from '@polytask/core';
import { largestDifference } from './testing/rows.ts';
import { hasPython, python } from './testing/python.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

beforeAll(() => tf.setBackend('cpu'));

it('the example of the README runs, and stands there as it is run here', async () => {
  const lines: unknown[] = [];
  const console = { log: (line: unknown) => void lines.push(line) };
  // README
  const features: Schema['features'] = {
    age: { kind: 'numeric', mean: 40, deviation: 12 },
    state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] },
  };
  const network = adatt({ levels: [{ experts: mlp([32]), perTask: 2 }] });
  const schema = { features, tasks: { income: binary(), single: binary() } };
  const model = multiTaskModel({ schema, network, seed: 7 }); // or: await load('people-model')
  const rows = [41, null].map((age) => ({ age, state: 'Utah' }));

  const predictor = await compilePredict(model); // in this process, instead of model.predict
  console.log((await predictor.predict(rows)).income);

  const file = await exportOnnx(model); // for any ONNX Runtime: writeFile('people.onnx', file)
  console.log(encodeForOnnx(model.schema, rows)); // the inputs that it takes
  // END

  expect(largestDifference({ income: lines[0] as Float32Array }, { income: model.predict(rows).income })).toBeLessThan(
    1e-6,
  );
  expect(lines[1]).toEqual({
    age: { type: 'float32', shape: [2], data: Float32Array.of(41, NaN) },
    state: { type: 'int32', shape: [2], data: Int32Array.of(2, 2) },
  });
  expect(file.length).toBeGreaterThan(1000);
  await predictor.dispose();
  model.dispose();

  const parts = [...read('./readme.test.ts').matchAll(/^ *\/\/ README\n([^]*?)^ *\/\/ END$/gm)].map(([, part]) =>
    part!.replace(/^ {2}/gm, ''),
  );
  expect(parts.length).toBe(2);
  for (const part of parts) expect(read('../README.md')).toContain(part.trimEnd());
});

const docs = read('../../../docs/onnx.md');
const blocks = [...docs.matchAll(/```python\n([^]*?)```/g)].map(([, block]) => block!);

it.runIf(hasPython('onnxruntime'))(
  'the Python example of the documentation gives what model.predict gives',
  async () => {
    const schema: Schema = {
      features: {
        age: { kind: 'numeric', mean: 40, deviation: 12, indicator: true },
        weeks_worked: { kind: 'numeric', mean: 20, deviation: 24 },
        occupation: { kind: 'categorical', vocabulary: ['Sales', 'Service'] },
        state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] },
      },
      tasks: { income: binary() },
    };
    const model = multiTaskModel({ schema, network: adatt({ levels: [{ experts: mlp([8]), perTask: 2 }] }), seed: 7 });
    const rows = [
      { age: 41, weeks_worked: 52, occupation: 'Sales', state: 'Utah' },
      { age: null, weeks_worked: 0, occupation: 'Fishing', state: null },
    ];
    const expected = [...(model.predict(rows) as Record<string, Float32Array>)['income']!];
    const folder = mkdtempSync(join(tmpdir(), 'polytask-serving-'));
    try {
      writeFileSync(join(folder, 'people.onnx'), await exportOnnx(model));
      const printed = python(['-c', blocks[0]!], folder);
      const numbers = [...printed.matchAll(/\d\.\d+/g)].map(([text]) => Number(text));
      expect(numbers.length).toBe(2);
      numbers.forEach((number, i) => expect(number).toBeCloseTo(expected[i]!, 5));
    } finally {
      rmSync(folder, { recursive: true });
      model.dispose();
    }
  },
);

it.runIf(hasPython('json'))('the hash in Python is that of the schema', () => {
  const code = `${blocks[1]!}\nprint(hash_of(''), hash_of('foobar'), hash_of('ä😀'))`;
  expect(python(['-c', code])).toBe(`${0x811c9dc5} ${0xbf9cf968} ${hashOf('ä😀')}\n`);
});

it.runIf(hasPython('numpy'))("the dates' numbers in Python are those of the schema", () => {
  const day = { kind: 'date', mean: 20_000, deviation: 50, parts: ['trend', 'year', 'week', 'day'] } as const;
  const schema: Schema = { features: { day }, tasks: { income: binary() } };
  const times = ['1969-03-01T00:00:00', '2024-12-31T18:30:00'];
  const { data } = encodeForOnnx(
    schema,
    times.map((time) => ({ day: time })),
  )['day']!;
  const code = `import numpy as np\n${blocks[2]!}
for time in ${JSON.stringify(times)}: print(*numbers_of(${JSON.stringify(day)}, datetime.fromisoformat(time)))`;
  const printed = python(['-c', code]).trim().split(/\s/).map(Number);
  expect(printed).toHaveLength(14);
  printed.forEach((number, i) => expect(number).toBeCloseTo(data[i]!, 5));
});
