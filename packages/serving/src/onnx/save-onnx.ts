import {
  chunksOf,
  listFolder,
  openFolder,
  sha256Of,
  type EmbeddingTable,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import { parameterInput } from '@polytask/graphs';
import { exportOnnx, onnxGraph, type ExportOptions } from './export-onnx.ts';

export interface SaveOnnxOptions extends ExportOptions {
  /**
   * Where embedding tables that are trained by rows are: in the ONNX file, or in a second file beside it. Default: `beside` when
   * they have 256 MB or more.
   */
  tables?: 'inside' | 'beside';
}

/** The bytes of tables from which the default is a file of their own. */
const BESIDE_FROM = 2 ** 28;

/** ONNX Runtime maps the file into memory, which takes whole pages; those of Windows are the largest. */
const PAGE = 2 ** 16;

/**
 * Writes a trained model as an ONNX file, as `exportOnnx` makes it. Large tables are written to a second file, which ONNX
 * Runtime finds in the same folder (external data). Its name ends with a part of its sha256 and `.data`. The ONNX file is
 * replaced last, and the data of an earlier export is removed after that: if the process stops, the folder has the old model
 * or the new one.
 *
 * @param file the path of the ONNX file. In a browser, `opfs://…` or `indexeddb://…`
 * @returns the names of the files in the folder, the ONNX file first
 * @throws PolytaskError when a parameter is NaN or infinite, a name isn't allowed in the file, or tables `inside` are larger than 2 GB
 * @throws CompileError when the model has an operation that can't be compiled
 * @example await saveOnnx(model, 'people.onnx') // ['people.onnx']
 */
export async function saveOnnx<T extends Tasks>(
  model: MultiTaskModel<T>,
  file: string,
  { tables: place, ...options }: SaveOnnxOptions = {},
): Promise<string[]> {
  const cut = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1;
  const [directory, name] = [file.slice(0, cut) || '.', file.slice(cut)];
  const tables = model.store.tables();
  const { arrays, offsets, size } = dataFile(tables);
  const isBeside = tables.length > 0 && (place ?? (size < BESIDE_FROM ? 'inside' : 'beside')) === 'beside';
  const data = isBeside ? `${name}.${(await sha256Of(chunksOf(arrays))).slice(0, 16)}.data` : undefined;
  const graph = data ? await onnxGraph(model, options, { file: data, offsets }) : await exportOnnx(model, options);
  await openFolder(directory).write(async (writer) => {
    if (data) await writer.replace(data, chunksOf(arrays));
    await writer.replace(name, graph);
    for (const other of await listFolder(directory))
      if (isDataOf(name, other) && other !== data) await writer.remove(other);
  });
  return data ? [name, data] : [name];
}

/** Whether a file has the tables of an export under this name. */
const isDataOf = (name: string, file: string): boolean =>
  file.startsWith(`${name}.`) && /^[0-9a-f]{16}\.data$/.test(file.slice(name.length + 1));

/** The file of the tables: its arrays, and the first byte of each table by the name of its input. */
function dataFile(tables: readonly EmbeddingTable[]) {
  const arrays: ArrayBufferView[] = [];
  const offsets = new Map<string, number>();
  let size = 0;
  for (const { name, values } of tables) {
    offsets.set(parameterInput(name), size);
    const padding = new Uint8Array((PAGE - (values.byteLength % PAGE)) % PAGE);
    arrays.push(values, padding);
    size += values.byteLength + padding.length;
  }
  return { arrays, offsets, size };
}
