export * from './declarations/kinds.ts';
export { featureKinds, featureOptions, withNumbersAs } from './declarations/features.ts';
export { whichValues } from './declarations/numeric.ts';
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
export { taskNeeds, type Declaration } from './declarations/declaration.ts';
export { type ColumnForms, type Columns, type Lists, type Texts, type Vectors } from './columns/columns.ts';
export { groupsOf, type Table, tablesContent } from './table/table.ts';
export { rawFeatures, rawLabels, type RawLabels } from './fitting/raw-rows.ts';
export { fromRows, fromColumns } from './table/from-rows.ts';
export { fromTfDataset, type TfRows } from './table/from-tf-dataset.ts';
export { concatenate } from './table/concatenate.ts';
export { joinTables } from './table/join.ts';
export { readCsv, parseCsv } from './csv/read-csv.ts';
export type { DescribeRemedy, TableFinding, TableSample } from './sampling/table-sample.ts';
export { type CellRule, joinedRules } from './columns/cells.ts';
export type { ReadBudget, ReadLimits } from './limits/read-limits.ts';
export type { CsvFileOptions, CsvOptions } from './csv/csv-options.ts';
export { decompress, type Compression } from './csv/decode.ts';
export { type CsvSource, type FileSource, nameOf } from './csv/open-source.ts';
export {
  openParquet,
  readParquet,
  type ParquetOptions,
  type ParquetFile,
  type ParquetSource,
} from './parquet/read-parquet.ts';
export {
  joinStream,
  tableStream,
  type TableStream,
  type TableStreamOptions,
  csvStream,
  parquetStream,
  type CsvAgain,
} from './streams/table-stream.ts';
export { defineReader, type FileReader, type Reader, type ReaderDefinition, type ReadRows } from './readers/reader.ts';
export { parseExactJson } from './readers/json.ts';
export { readerFor } from './readers/readers.ts';
export { parseWrittenJson } from './readers/written-json.ts';
export { fitStreamSchema, encodeStream, type FitStreamOptions } from './streams/encode-stream.ts';
export { sampleStream, type SampleOptions, type StreamSample } from './streams/sample-stream.ts';
export { defineLabel, labelCells, labelWords, type DefinedLabel, type LabelDefinition } from './labels/index.ts';
export type { LabelPart } from './statistics/label-values.ts';
export { fitSchema } from './fitting/fit-schema.ts';
export { growSchema, type GrownSchema } from './dataset/grow-schema.ts';
export { encode } from './fitting/encode.ts';
export { encodedTable, withGroups, type EncodedTable } from './examples/encoded-table.ts';
export { split, shuffle, type Split, type TableSplit, type TableSplitOptions } from './fitting/split.ts';
export { splitRows, type RowsToDeal, type SplitOptions, type SplitRows } from './fitting/row-split.ts';
export type { ColumnSplit, Fold, PartName, Parts, RandomSplit, RowSplit } from './fitting/row-split.ts';
export type { SplitUnits, TimeSplit } from './fitting/row-split.ts';
export { batches, type BatchesOptions } from './examples/batches.ts';
export { datasetOptions, type DatasetAccess } from './dataset/dataset-file.ts';
export * from './dataset/open-dataset.ts';
export {
  fileReading,
  readRows,
  rowFormat,
  rowFormatDocument,
  rowStream,
  schemaRowFormat,
} from './dataset/row-format.ts';
export { valuesAsRead } from './dataset/row-format.ts';
export type { FileFormat, RowFormat, RowStreamOptions } from './dataset/row-format.ts';
export { modelId, readTrainedModel, writeTrainedModel, type TrainedModel } from './dataset/trained-model.ts';
export { mixTables, type Mixture } from './mixing/mix-tables.ts';
export { mixStreams, type MixStreamsOptions, type StreamMixture } from './mixing/mix-streams.ts';
export type { MixedTasks } from './mixing/joint-schema.ts';
export { mixShares, type MixOptions, type MixRatio } from './mixing/interleave.ts';
export * from './describe/index.ts';
export * from './drift/index.ts';
export type { RowHashes } from './seen/row-hashes.ts';
export { readSeenRows, writeSeenRows } from './seen/rows-file.ts';
export { recognizeSeen, seenRows, unseen, type SeenRows } from './seen/seen-rows.ts';
export { inspect, missingClasses } from './guards/inspect.ts';
export { leaks } from './guards/leaks.ts';
export { unseenValues } from './guards/unseen-values.ts';
export { rowsInTime } from './guards/rows-in-time.ts';
export { shiftedValues } from './guards/shifted-values.ts';
export { sameEntities } from './guards/same-entities.ts';
export { duplicatedRows, rowHashes, rowsSeen } from './guards/duplicated-rows.ts';
export { outliers } from './guards/outliers.ts';
export { countedAsNo, positiveSpellings } from './guards/positive-spellings.ts';
export {
  censusIncome,
  readCensusIncome,
  fetchCensusIncome,
  type CensusOptions,
  type ReadCensusOptions,
  type CensusTask,
  type CensusTasks,
} from './known/census/census-income.ts';
export type { FetchedFiles, FetchOptions, DownloadProgress } from './known/fetching/known-files.ts';
export {
  kuairandPure,
  readKuairandPure,
  fetchKuairandPure,
  type KuairandSplit,
  type KuairandOptions,
  type KuairandTask,
  type KuairandTasks,
} from './known/kuairand/kuairand-pure.ts';
export { aliCcpStream, aliExpressStream, type ClickTasks } from './known/alibaba/alibaba.ts';
export { movielensStream, type MovielensTasks } from './known/movielens/movielens.ts';
export * from './known/synthetic/synthetic-tasks.ts';
export * from './known/synthetic/synthetic-funnel.ts';
