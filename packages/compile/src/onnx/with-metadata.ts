import onnxProto from 'onnx-proto'; // CommonJS: Node finds no named exports in it

const { onnx } = onnxProto;

/** Strings about a model that are stored in its file. */
export interface ModelMetadata {
  /** The version of the program that wrote the file. */
  producerVersion?: string;
  /** A description of the model for people. */
  description?: string;
  /** `metadata_props`: any strings, by name. */
  properties?: Readonly<Record<string, string>>;
}

/**
 * Adds strings to an ONNX file. The file isn't parsed: the format merges files that are concatenated.
 *
 * @example withMetadata(writeModel(graph, outputs), { properties: { trained: '2026-11-24' } })
 */
export function withMetadata(
  model: Uint8Array,
  { producerVersion, description, properties = {} }: ModelMetadata,
): Uint8Array {
  const added = onnx.ModelProto.create({
    ...(producerVersion === undefined ? {} : { producerVersion }),
    ...(description === undefined ? {} : { docString: description }),
    metadataProps: Object.entries(properties).map(([key, value]) => ({ key, value })),
  });
  const bytes = onnx.ModelProto.encode(added).finish();
  const whole = new Uint8Array(model.length + bytes.length);
  whole.set(model);
  whole.set(bytes, model.length);
  return whole;
}
