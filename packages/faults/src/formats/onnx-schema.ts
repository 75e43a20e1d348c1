import { readMetadata } from '@polytask/compile';
import { parseJson } from '@polytask/core';
import { encodeForOnnx, exportOnnx, type SchemaDocument } from '@polytask/serving';
import type { FaultFormat } from '../format.ts';
import { newModel, rows, withModel } from './models.ts';
import { bytesOf, textOf } from './temporary-files.ts';

/** The schema in the metadata of an exported ONNX file, by which programs encode rows. */
export const onnxSchema: FaultFormat = {
  name: 'ONNX schema',
  sealed: false,
  async example() {
    const file = await withModel(newModel(), (model) => exportOnnx(model));
    return { 'schema.json': bytesOf(readMetadata(file).properties['polytask.schema']!) };
  },
  load: async (files) => {
    const schema = parseJson(files['schema.json']!, 'a schema as JSON in the metadata') as SchemaDocument;
    return textOf(Object.entries(encodeForOnnx(schema, rows)));
  },
};
