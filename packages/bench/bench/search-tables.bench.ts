// Trains all configurations of a space on a small table, with the validation score of each epoch, so that searches can be compared by look-up:
//   npm run search-tables -- OUT few-labels|conflict|people.json|census=DIR …
// Each table has at most 2,000 rows. Trainings that OUT has are not repeated. `npm run compare-searches` reads OUT/*.json.gz.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { openResults, runSuite, selectionMeasure, type SuiteDeclaration, type TrialResult } from '@polytask/bench';

const [out, ...tables] = process.argv.slice(2);
if (out === undefined || tables.length === 0)
  throw new Error('Pass a folder and tables: npm run search-tables -- tables people.json');

const EPOCHS = 9;
const RATES = Array.from({ length: 8 }, (_, i) => Number((4e-4 * 2 ** i).toPrecision(3)));
const LEVELS = [[8], [32], [64, 32], [128, 64]];
const BATCHES = [32, 128];

const synthetic = (data: object) => ({
  extends: 'synthetic',
  data: { correlation: 0.9, conflict: 0, rows: 2000, ...data },
});

/** What a suite extends, with its data and directory. */
function tableOf(text: string): { readonly name: string; readonly suite: object; readonly directory?: string } {
  const [name = '', directory] = text.split('=');
  if (name === 'few-labels') return { name, suite: synthetic({ labelRate: [0.1, 1, 1] }) };
  if (name === 'conflict') return { name, suite: synthetic({ conflict: 0.4 }) };
  if (name === 'census')
    return { name, suite: { extends: 'census-income' }, ...(directory !== undefined && { directory }) };
  return { name: path.basename(name, '.json'), suite: { extends: path.resolve(name) } };
}

await mkdir(out, { recursive: true });
for (const given of tables) {
  const { name, suite, directory } = tableOf(given);
  const file = name === given || directory !== undefined ? '{}' : await readFile(given, 'utf8');
  const { tasks = {} } = JSON.parse(file) as { readonly tasks?: object };
  const least = Math.max(4, Object.keys(tasks).length + 1); // experts of a level
  const models = Object.entries({ 'shared-bottom': [undefined], adatt: [least, 2 * least] }).flatMap(
    ([model, choices]) =>
      choices.flatMap((experts) =>
        LEVELS.map((levels) => ({
          model,
          as: JSON.stringify({ model, ...(experts && { experts }), levels }),
          size: { levels, ...(experts && { experts }) },
        })),
      ),
  );
  const budgets = Object.fromEntries(
    RATES.flatMap((learningRate) =>
      BATCHES.map((batchSize) => [
        JSON.stringify({ learningRate, batchSize }),
        { training: { learningRate, batchSize } },
      ]),
    ),
  );
  const declaration = {
    ...{ name, ...suite, models, budgets, baseline: models[0]!.as, seeds: [1] },
    training: { epochs: EPOCHS, patience: EPOCHS },
  } as unknown as SuiteDeclaration;
  const folder = path.join(out, name);
  await runSuite({
    suite: declaration,
    out: folder,
    directory,
    limitRows: 2000,
    access: { allowFilesOutside: true },
    listener: { onFailure: ({ error }) => console.error(error) },
  });
  const trials = await openResults(folder).read();
  const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const sign = selectionMeasure(trials[0]!.config.training.selection).direction === 'higher' ? 1 : -1;
  const points = trials.map(({ model, setting, curve, normalizedLosses }: TrialResult) => ({
    values: { ...(JSON.parse(model) as object), ...(JSON.parse(setting!) as object) },
    scores: curve.map(({ validation }) => Number((sign * meanOf(Object.values(validation))).toFixed(5))),
    test: Number((-meanOf(Object.values(normalizedLosses!))).toFixed(5)),
  }));
  const lines = points.map((point) => JSON.stringify(point)).join(',\n');
  const text = `{"table":"${name}","epochs":${EPOCHS},"points":[\n${lines}\n]}\n`;
  await writeFile(path.join(out, `${name}.json.gz`), gzipSync(text, { level: 9 }));
}
