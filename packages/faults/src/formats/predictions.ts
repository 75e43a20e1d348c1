import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTrainedModel } from '@polytask/data';
import { predictFile } from '@polytask/server';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { FaultFormat, Files } from '../format.ts';
import { newModel, rows, withModel } from './models.ts';
import { bytesOf, filesBelow, inDirectory } from './temporary-files.ts';

const CSV = bytesOf(`age,town\n${rows.map(({ age, town }) => `${age},${town}\n`).join('')}`);

/**
 * Predicts a file of rows, and reads the predictions.
 *
 * @throws Error for a prediction that is no finite number, and for other lines than the predicted rows
 */
const predictions = (model: Parameters<typeof predictFile>[0], file: string): Promise<string> =>
  inDirectory({}, async (directory) => {
    const out = join(directory, 'out.jsonl');
    const { rows: count } = await predictFile(model, file, { out });
    const lines = (await readFile(out, 'utf8')).split('\n').slice(0, -1);
    const numbers = lines.flatMap((line) => Object.values(JSON.parse(line) as object) as unknown[]);
    if (lines.length !== count || !numbers.every(Number.isFinite))
      throw new Error(`Not ${count} rows: ${lines.join()}`);
    return lines.join();
  });

/** Rows to predict, in a file of some ending. */
const rowsFormat = (file: string, content: () => Uint8Array): FaultFormat => ({
  name: `prediction ${file}`,
  sealed: false,
  example: () => Promise.resolve({ [file]: content() }),
  load: (files) =>
    inDirectory(files, (directory) => withModel(newModel(), (model) => predictions(model, join(directory, file)))),
});

export const predictionCsv = rowsFormat('rows.csv', () => CSV);

export const predictionParquet = rowsFormat(
  'rows.parquet',
  () =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'age', data: rows.map(({ age }) => age), type: 'DOUBLE' },
          { name: 'town', data: rows.map(({ town }) => town), type: 'STRING' },
        ],
      }),
    ),
);

/** The folder of a trained model, with the format of its rows: all that decides the predictions of a file. */
export const trainedModel: FaultFormat = {
  name: 'trained model',
  sealed: true,
  example: () =>
    inDirectory({}, async (directory): Promise<Files> => {
      const features = { age: 'numeric', town: { kind: 'categorical', from: 'town' } };
      const format = { csv: { trim: true }, features, tasks: { bought: 'binary' } };
      await withModel(newModel(), (model) => writeTrainedModel(directory, model, format));
      return filesBelow(directory);
    }),
  load: (files) =>
    inDirectory({ 'rows.csv': CSV, ...files }, (directory) => predictions(directory, join(directory, 'rows.csv'))),
};
