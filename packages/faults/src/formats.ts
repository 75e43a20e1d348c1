import { fail } from '@polytask/core';
import type { FaultFormat } from './format.ts';
import { checkpoint, model } from './formats/models.ts';
import { csv, csvBrotli, csvGzip } from './formats/csv.ts';
import { datasetJson } from './formats/dataset-json.ts';
import { onnxSchema } from './formats/onnx-schema.ts';
import { parquet } from './formats/parquet.ts';
import { predictionCsv, predictionParquet, trainedModel } from './formats/predictions.ts';
import { referenceCase } from './formats/reference-case.ts';
import { requestBody } from './formats/request-body.ts';
import { compressedResults, results } from './formats/results.ts';
import { safetensors } from './formats/safetensors.ts';
import { suiteJson } from './formats/suite-json.ts';

/** The formats that Polytask reads. To add one, write its file and add it here. */
export const formats: readonly FaultFormat[] = [
  ...[safetensors, model, checkpoint, csv, csvGzip, csvBrotli, parquet],
  ...[datasetJson, suiteJson, results, compressedResults, referenceCase],
  ...[trainedModel, predictionCsv, predictionParquet, requestBody, onnxSchema],
];

/** @throws PolytaskError for an unknown name */
export function formatOf(name: string): FaultFormat {
  const format = formats.find((each) => each.name === name);
  const names = formats.map((each) => each.name).join(', ');
  return format ?? fail({ expected: 'the name of a format', received: `"${name}"`, fix: `Known: ${names}.` });
}
