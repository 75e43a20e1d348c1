import type { AsyncBuffer, KeyValue, SchemaTree } from 'hyparquet';

/** The rows from `rowStart` up to `rowEnd`, exclusive. */
export interface RowRange {
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** Some rows of a column. */
export interface ColumnRange extends RowRange {
  readonly column: string;
}

/** The footer of a file: its columns, the rows of its row groups, and the texts that its writer added. */
export interface ParquetFooter {
  readonly columns: readonly SchemaTree[];
  readonly ranges: readonly RowRange[];
  readonly keyValues: readonly KeyValue[];
}

/** Decodes a Parquet file. */
export interface ParquetDecoder {
  footer(): Promise<ParquetFooter>;
  readColumn(range: ColumnRange): Promise<ArrayLike<unknown>>;
  /** Frees what the decoder holds. A later call takes it again. */
  close(): Promise<void>;
}

/** Decodes in this thread. Loads hyparquet on demand. */
export async function directDecoder(file: AsyncBuffer): Promise<ParquetDecoder> {
  const { parquetScan, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  let opened: ReturnType<typeof parquetScan> | undefined;
  const scan = () => (opened ??= parquetScan({ file, compressors }));
  return {
    async footer() {
      const { metadata, ranges } = await scan();
      return { columns: parquetSchema(metadata).children, ranges, keyValues: metadata.key_value_metadata ?? [] };
    },
    readColumn: async (range) => (await scan()).readColumn(range),
    close: async () => void (opened = undefined),
  };
}
