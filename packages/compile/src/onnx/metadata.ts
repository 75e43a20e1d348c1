import { entries, optional, fieldsOf, finish } from './messages.ts';

/** Strings about a model that are stored in its file. */
export interface ModelMetadata {
  /** The version of the program that wrote the file. */
  producerVersion?: string;
  /** A description of the model for people. */
  description?: string;
  /** Any strings by name, stored as `metadata_props`. */
  properties?: Readonly<Record<string, string>>;
}

/** The fields of ModelProto and StringStringEntryProto. */
const MODEL = { producerVersion: 3, docString: 6, metadataProps: 14 };
const ENTRY = { key: 1, value: 2 };

/**
 * Adds metadata to an ONNX file. The file isn't parsed, as the format merges concatenated files.
 *
 * @returns the bytes of the new file
 */
export const withMetadata = (
  model: Uint8Array,
  { producerVersion, description, properties = {} }: ModelMetadata,
): Uint8Array =>
  finish([
    model,
    ...optional(MODEL.producerVersion, producerVersion),
    ...optional(MODEL.docString, description),
    ...entries(MODEL.metadataProps, properties),
  ]);

/**
 * Reads the metadata of an ONNX file. ONNX Runtime for JavaScript doesn't give it.
 *
 * @param model the bytes of the file
 * @throws Error when the bytes are not a message of protocol buffers
 * @example const { trained } = readMetadata(await readFile('people.onnx')).properties;
 */
export function readMetadata(model: Uint8Array): Required<ModelMetadata> {
  const fields = fieldsOf(model);
  const last = (message: typeof fields, wanted: number) =>
    new TextDecoder().decode(message.findLast(({ field }) => field === wanted)?.value);
  const properties = fields
    .filter(({ field }) => field === MODEL.metadataProps)
    .map(({ value }) => fieldsOf(value))
    .map((entry) => [last(entry, ENTRY.key), last(entry, ENTRY.value)] as const);
  return {
    producerVersion: last(fields, MODEL.producerVersion),
    description: last(fields, MODEL.docString),
    properties: Object.fromEntries(properties),
  };
}
