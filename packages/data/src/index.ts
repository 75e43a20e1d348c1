export {
  categorical,
  featureKinds,
  hashed,
  multiValued,
  numeric,
  shared,
  vector,
  type CategoricalDeclaration,
  type FeatureDeclaration,
  type HashedDeclaration,
  type IdDeclaration,
  type MultiValuedDeclaration,
  type NumericDeclaration,
  type SharedDeclaration,
  type VectorDeclaration,
  idSequence,
  sideColumn,
  type IdSequenceDeclaration,
  type SideColumnDeclaration,
} from './declarations/features.ts';
export * from '@polytask/core/features'; // further kinds of feature
export type { Declaration } from './declarations/declaration.ts';
export type { ColumnForms, Columns, Lists, Texts, Vectors } from './columns/columns.ts';
export { groupsOf, type Table } from './table/table.ts';
export { rawFeatures, rawLabels, type RawLabels } from './table/raw-rows.ts';
export { tablesContent } from './table/tables-content.ts';
export { fromRows } from './table/from-rows.ts';
export { fromColumns } from './table/from-columns.ts';
export { fromTfDataset, type TfRows } from './table/from-tf-dataset.ts';
export { concatenate } from './table/concatenate.ts';
export { join } from './table/join.ts';
export { readCsv, parseCsv } from './csv/read-csv.ts';
export { describeCsv } from './describe/describe-csv.ts';
export type { TableSample } from './describe/table-sample.ts';
export { describeFile } from './describe/describe-file.ts';
export type {
  ColumnDescription,
  DatasetDocument,
  DescribedFeature,
  DescribedTask,
  DescribeOptions,
  DescribeWarning,
  Description,
  LeftOut,
  TaskProposal,
} from './describe/description.ts';
export type { ReadBudget, ReadLimits } from './limits/read-limits.ts';
export type { CsvFileOptions, CsvOptions } from './csv/csv-options.ts';
export { decompress, type Compression } from './csv/decode.ts';
export type { CsvSource } from './csv/open-source.ts';
export { readParquet, type ParquetOptions } from './parquet/read-parquet.ts';
export { openParquet, type ParquetFile, type ParquetSource } from './parquet/open-parquet.ts';
export { tableStream, type TableStream, type TableStreamOptions } from './streams/table-stream.ts';
export { csvStream, parquetStream, type CsvAgain } from './streams/file-streams.ts';
export { defineReader, type FileReader, type FileSource, type Reader, type ReadRows } from './readers/reader.ts';
export { readerFor } from './readers/readers.ts';
export { fitStreamSchema, encodeStream, type FitStreamOptions } from './streams/encode-stream.ts';
export { joinStream } from './streams/join-stream.ts';
export { sampleStream, type SampleOptions, type StreamSample } from './streams/sample-stream.ts';
export { fitSchema } from './fitting/fit-schema.ts';
export { encode } from './fitting/encode.ts';
export { encodedTable, withGroups, type EncodedTable } from './examples/encoded-table.ts';
export {
  split,
  splitRows,
  shuffle,
  type Split,
  type SplitOptions,
  type SplitRows,
  type TableSplit,
  type TableSplitOptions,
} from './examples/split.ts';
export { batches, type BatchesOptions } from './examples/batches.ts';
export type { DatasetAccess } from './dataset/dataset-access.ts';
export {
  datasetFiles,
  datasetFromFiles,
  openDataset,
  readDataset,
  type Dataset,
  type DatasetParts,
} from './dataset/open-dataset.ts';
export {
  rowStream,
  schemaRowFormat,
  type FileFormat,
  type RowFormat,
  type RowStreamOptions,
} from './dataset/row-format.ts';
export { readTrainedModel, writeTrainedModel, type TrainedModel } from './dataset/trained-model.ts';
export { mixTables, type MixOptions, type Mixture } from './mixing/mix-tables.ts';
export { mixStreams, type MixStreamsOptions, type StreamMixture } from './mixing/mix-streams.ts';
export type { MixedTasks } from './mixing/joint-schema.ts';
export { mixShares, type MixRatio } from './mixing/interleave.ts';
export { inspect, type InspectedParts } from './guards/inspect.ts';
export { combinedLeaks } from './guards/combined-leaks.ts';
export { unseenValues } from './guards/unseen-values.ts';
export { sameEntities } from './guards/same-entities.ts';
export { labelsAmongFeatures } from './guards/labels-among-features.ts';
export { duplicatedRows, rowHashes, rowsSeen } from './guards/duplicated-rows.ts';
export { missingClasses } from './guards/missing-classes.ts';
export { outliers } from './guards/outliers.ts';
export { positiveSpellings } from './guards/positive-spellings.ts';
export type { DataWarning, PartName } from './guards/warnings.ts';
export {
  censusIncome,
  readCensusIncome,
  fetchCensusIncome,
  type CensusOptions,
  type ReadCensusOptions,
} from './census/census-income.ts';
export type { CensusChoices, CensusTasks } from './census/census-declaration.ts';
export type { FetchedFiles, FetchOptions, DownloadProgress } from './fetching/fetch-files.ts';
export {
  kuairandPure,
  readKuairandPure,
  fetchKuairandPure,
  type KuairandSplit,
  type KuairandOptions,
} from './kuairand/kuairand-pure.ts';
export { readKuairandPublished, type KuairandPublishedOptions } from './kuairand/kuairand-published.ts';
export type { KuairandTask, KuairandTasks } from './kuairand/kuairand-declaration.ts';
export { aliExpressStream, type ClickTasks } from './alibaba/aliexpress.ts';
export { aliCcpStream } from './alibaba/ali-ccp.ts';
export { movielensStream, type MovielensTasks } from './movielens/movielens.ts';
export { syntheticTasks, type SyntheticTaskMap, type SyntheticTasks } from './synthetic/synthetic-tasks.ts';
export type { Sine, SyntheticOptions } from './synthetic/synthetic-options.ts';
