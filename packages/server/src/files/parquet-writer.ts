import { PolytaskError } from '@polytask/core';
import type { FileColumn, FileWriter } from './file-writer.ts';

/** Writes Parquet, a row group at each call of `write`: texts as optional UTF-8, floats, and optional doubles. */
export async function parquetWriter(path: string, columns: readonly FileColumn[]): Promise<FileWriter> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer').catch((error: unknown) => {
    throw new PolytaskError(
      'Parquet files are written by hyparquet-writer, which is not installed. Run npm install hyparquet-writer, or write .csv.',
      { cause: error },
    );
  });
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
  });
  return {
    async write(values) {
      const columnData = columns.map(({ name }, i) => ({ name, data: values[i]! }));
      await writer.write({ columnData, rowGroupSize: values[0]?.length ?? 0 });
    },
    async end() {
      await writer.finish();
    },
    close: () => Promise.resolve(), // it opens the file for each piece that it appends
  };
}

const ELEMENTS = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  float: { type: 'FLOAT', repetition_type: 'REQUIRED' },
  double: { type: 'DOUBLE', repetition_type: 'OPTIONAL' },
} as const;

const elementOf = ({ name, kind }: FileColumn) => ({ name, ...ELEMENTS[kind] });
