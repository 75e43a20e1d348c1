import type { KeyValue, SchemaTree } from 'hyparquet';
import { decoderOf } from '../platform/decoder.ts';

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

interface ParquetCalls {
  readonly footer: () => ParquetFooter;
  readonly readColumn: (range: ColumnRange) => Promise<ArrayLike<unknown>>;
}

/** Decodes a Parquet file. Loads hyparquet on demand. */
export const parquetDecoder = decoderOf({
  packages: ['hyparquet', 'hyparquet-compressors'],
  load: () => Promise.all([import('hyparquet'), import('hyparquet-compressors')]),
  open: async (file, [{ parquetScan, parquetSchema }, { compressors }]): Promise<ParquetCalls> => {
    const { metadata, ranges, readColumn } = await parquetScan({ file, compressors });
    const { children: columns } = parquetSchema(metadata);
    const footer = { columns, ranges, keyValues: metadata.key_value_metadata ?? [] };
    return {
      footer() {
        return footer;
      },
      readColumn,
    };
  },
});
