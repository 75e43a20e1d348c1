import { findEntry } from '@polytask/components';
import type { FaultFormat } from './format.ts';
import { checkpoint, model, safetensors, referenceCase, onnxSchema } from './formats/models.ts';
import { parquet, csv, csvBrotli, csvGzip } from './formats/tables.ts';
import {
  compressedResults,
  results,
  datasetJson,
  requestBody,
  predictionCsv,
  predictionParquet,
  trainedModel,
  suiteJson,
} from './formats/documents.ts';

/** The formats that Polytask reads. To add one, write its file and add it here. */
export const formats: readonly FaultFormat[] = [
  ...[safetensors, model, checkpoint, csv, csvGzip, csvBrotli, parquet],
  ...[datasetJson, suiteJson, results, compressedResults, referenceCase],
  ...[trainedModel, predictionCsv, predictionParquet, requestBody, onnxSchema],
];

/** @throws PolytaskError for an unknown name */
export const formatOf = (name: string): FaultFormat => findEntry(formats, name, 'format');
