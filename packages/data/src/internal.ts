// For Polytask's own packages. Any release may change or remove these exports.
export { featureKinds, featureOptions, withNumbersAs } from './declarations/features.ts';
export { whichValues } from './declarations/numeric.ts';
export { rawLabels } from './fitting/raw-rows.ts';
export { decompress } from './csv/decode.ts';
export { openParquet } from './parquet/read-parquet.ts';
export { datasetFiles } from './dataset/open-dataset.ts';
export { rowFormat, rowFormatDocument, rowStream, schemaRowFormat } from './dataset/row-format.ts';
export { modelId, readTrainedModel, writeTrainedModel } from './dataset/trained-model.ts';
export { readProfile, RowCounts, PSI_LIMITS, rawValues } from './drift/index.ts';
export { rowHashes } from './guards/index.ts';
export { recognizer, seenRows, unseen, writeSeenRows } from './seen/index.ts';
export { FUNNEL, SCENARIOS } from './known/synthetic/synthetic-funnel.ts';
export { parseExactJson } from './readers/json.ts';
export { withoutMarkers } from './columns/values.ts';
export { taskNeeds } from './declarations/declaration.ts';
