export * from './declarations/kinds.ts';
export * from '@polytask/core/features'; // further kinds of feature
export type { Declaration } from './declarations/declaration.ts';
export type { ColumnForms, Columns, Lists, Texts, Vectors } from './columns/columns.ts';
export { groupsOf, type Table } from './table/table.ts';
export { rawFeatures, rawLabels, type RawLabels } from './fitting/raw-rows.ts';
export { tablesContent } from './table/tables-content.ts';
export { fromRows, fromColumns } from './table/from-rows.ts';
export { fromTfDataset, type TfRows } from './table/from-tf-dataset.ts';
export { concatenate } from './table/concatenate.ts';
export { joinStream } from './streams/join-stream.ts';
export { join } from './table/join.ts';
export { readCsv, parseCsv } from './csv/read-csv.ts';
export type { DescribeWarning, TableSample } from './sampling/table-sample.ts';
export type { ReadBudget, ReadLimits } from './limits/read-limits.ts';
export type { CsvFileOptions, CsvOptions } from './csv/csv-options.ts';
export { decompress, type Compression } from './csv/decode.ts';
export type { CsvSource, FileSource } from './csv/open-source.ts';
export { readParquet, type ParquetOptions } from './parquet/read-parquet.ts';
export { openParquet, type ParquetFile, type ParquetSource } from './parquet/open-parquet.ts';
export { tableStream, type TableStream, type TableStreamOptions } from './streams/table-stream.ts';
export { csvStream, parquetStream, type CsvAgain } from './streams/file-streams.ts';
export { parseExactJson } from './readers/exact-json.ts';
export { defineReader, type FileReader, type Reader, type ReadRows } from './readers/reader.ts';
export { readerFor } from './readers/readers.ts';
export { fitStreamSchema, encodeStream, type FitStreamOptions } from './streams/encode-stream.ts';
export { sampleStream, type SampleOptions, type StreamSample } from './streams/sample-stream.ts';
export { fitSchema } from './fitting/fit-schema.ts';
export { growSchema, type GrownSchema } from './dataset/grow-schema.ts';
export { encode } from './fitting/encode.ts';
export { encodedTable, withGroups, type EncodedTable } from './examples/encoded-table.ts';
export { split, shuffle, type Split, type TableSplit, type TableSplitOptions } from './fitting/split.ts';
export { splitRows, type RowsToDeal, type SplitOptions, type SplitRows } from './fitting/split-rows.ts';
export type { ColumnSplit, Fold, RandomSplit, RowSplit, TimeSplit } from './fitting/row-split.ts';
export { batches, type BatchesOptions } from './examples/batches.ts';
export type { DatasetAccess } from './dataset/dataset-access.ts';
export {
  datasetFiles,
  datasetFromFiles,
  openDataset,
  openRows,
  readDataset,
  type Dataset,
  type DatasetParts,
  type GrowingOption,
} from './dataset/open-dataset.ts';
export {
  rowStream,
  schemaRowFormat,
  type FileFormat,
  type RowFormat,
  type RowStreamOptions,
} from './dataset/row-format.ts';
export { modelId, readTrainedModel, writeTrainedModel, type TrainedModel } from './dataset/trained-model.ts';
export { mixTables, type MixOptions, type Mixture } from './mixing/mix-tables.ts';
export { mixStreams, type MixStreamsOptions, type StreamMixture } from './mixing/mix-streams.ts';
export type { MixedTasks } from './mixing/joint-schema.ts';
export { mixShares, type MixRatio } from './mixing/interleave.ts';
export * from './describe/index.ts';
export * from './drift/index.ts';
export * from './guards/index.ts';
export * from './known/index.ts';
