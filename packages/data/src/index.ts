export {
  type FeatureDeclaration,
  categorical,
  hashed,
  shared,
  type CategoricalDeclaration,
  type HashedDeclaration,
  type IdDeclaration,
  type SharedDeclaration,
  idSequence,
  multiValued,
  sideColumn,
  type IdSequenceDeclaration,
  type MultiValuedDeclaration,
  type SideColumnDeclaration,
  numeric,
  type NumericDeclaration,
  vector,
  type VectorDeclaration,
} from './declarations/kinds.ts';
export {
  buckets,
  cross,
  date,
  type DatePart,
  periodic,
  type PeriodicOptions,
  piecewiseLinear,
  quantileNormal,
  text,
  gru,
  transformer,
  type TransformerOptions,
} from '@polytask/core/features'; // further kinds of feature
export type { Declaration } from './declarations/declaration.ts';
export type { ColumnForms, Columns, Lists, Texts, Vectors } from './columns/columns.ts';
export { groupsOf, type Table } from './table/table.ts';
export { rawFeatures, type RawLabels } from './fitting/raw-rows.ts';
export { tablesContent } from './table/tables-content.ts';
export { fromRows, fromColumns } from './table/from-rows.ts';
export { fromTfDataset, type TfRows } from './table/from-tf-dataset.ts';
export { concatenate } from './table/concatenate.ts';
export { joinTables } from './table/join.ts';
export { readCsv, parseCsv } from './csv/read-csv.ts';
export type { DescribeWarning, TableSample } from './sampling/table-sample.ts';
export type { ReadBudget, ReadLimits } from './limits/read-limits.ts';
export type { CsvFileOptions, CsvOptions } from './csv/csv-options.ts';
export type { Compression } from './csv/decode.ts';
export type { CsvSource, FileSource } from './csv/open-source.ts';
export { readParquet, type ParquetOptions } from './parquet/read-parquet.ts';
export type { ParquetFile, ParquetSource } from './parquet/open-parquet.ts';
export { joinStream, tableStream, type TableStream, type TableStreamOptions } from './streams/table-stream.ts';
export { csvStream, parquetStream, type CsvAgain } from './streams/file-streams.ts';
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
export type { ColumnSplit, Fold, RandomSplit, RowSplit, SplitUnits, TimeSplit } from './fitting/row-split.ts';
export { batches, type BatchesOptions } from './examples/batches.ts';
export type { DatasetAccess } from './dataset/dataset-access.ts';
export {
  datasetFromFiles,
  openDataset,
  openRows,
  readDataset,
  type Dataset,
  type DatasetParts,
  type GrowingOption,
} from './dataset/open-dataset.ts';
export type { FileFormat, RowFormat, RowStreamOptions } from './dataset/row-format.ts';
export type { TrainedModel } from './dataset/trained-model.ts';
export { mixTables, type MixOptions, type Mixture } from './mixing/mix-tables.ts';
export { mixStreams, type MixStreamsOptions, type StreamMixture } from './mixing/mix-streams.ts';
export type { MixedTasks } from './mixing/joint-schema.ts';
export { mixShares, type MixRatio } from './mixing/interleave.ts';
export * from './describe/index.ts';
export {
  writeProfile,
  type ColumnDrift,
  type RowDrift,
  type ThenAndNow,
  profileRows,
  type Histogram,
  type RowProfile,
  type Stability,
  type WatchedRows,
} from './drift/index.ts';
export { readSeenRows, type SeenRows } from './seen/index.ts';
export {
  inspect,
  type InspectedParts,
  leaks,
  unseenValues,
  rowsInTime,
  shiftedValues,
  sameEntities,
  duplicatedRows,
  rowsSeen,
  missingClasses,
  outliers,
  positiveSpellings,
  countedAsNo,
  type DataWarning,
  type PartName,
} from './guards/index.ts';
export {
  censusIncome,
  readCensusIncome,
  fetchCensusIncome,
  type CensusOptions,
  type ReadCensusOptions,
} from './known/census/census-income.ts';
export type { CensusChoices, CensusTask, CensusTasks } from './known/census/census-declaration.ts';
export type { FetchedFiles, FetchOptions, DownloadProgress } from './known/fetching/fetch-files.ts';
export {
  kuairandPure,
  readKuairandPure,
  fetchKuairandPure,
  type KuairandSplit,
  type KuairandOptions,
  readKuairandPublished,
  type KuairandPublishedOptions,
  type KuairandTask,
  type KuairandTasks,
} from './known/kuairand/kuairand-pure.ts';
export { aliExpressStream, type ClickTasks } from './known/alibaba/aliexpress.ts';
export { aliCcpStream } from './known/alibaba/ali-ccp.ts';
export { movielensStream, type MovielensTasks } from './known/movielens/movielens.ts';
export { syntheticTasks, type SyntheticTaskMap, type SyntheticTasks } from './known/synthetic/synthetic-tasks.ts';
export {
  syntheticFunnel,
  type FunnelOptions,
  type FunnelRows,
  type SyntheticFunnel,
} from './known/synthetic/synthetic-funnel.ts';
export type { Sine, SyntheticOptions } from './known/synthetic/synthetic-options.ts';
