import { PolytaskError } from '@polytask/core';
import type { OutputColumn } from './output-columns.ts';
import type { FileWriter } from './file-writer.ts';

/** Writes Parquet, a row group at each call of `write`: texts as optional UTF-8, numbers as 32-bit floats. */
export async function parquetWriter(path: string, columns: readonly OutputColumn[]): Promise<FileWriter> {
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

const elementOf = ({ name, kind }: OutputColumn) =>
  kind === 'number'
    ? ({ name, type: 'FLOAT', repetition_type: 'REQUIRED' } as const)
    : ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const);
