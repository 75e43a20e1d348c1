import onnxProto from 'onnx-proto'; // CommonJS: Node finds no named exports in it

const { onnx } = onnxProto;

/** Texts about a model that stand in its file. */
export interface ModelMetadata {
  /** The version of what wrote the file. */
  producerVersion?: string;
  /** What the model is, for whoever opens it. */
  description?: string;
  /** `metadata_props`: any texts, by name. */
  properties?: Readonly<Record<string, string>>;
}

/**
 * Adds texts to an ONNX file; the model isn't read for it, as files of this format that stand one after the other are one.
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
