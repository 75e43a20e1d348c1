import { stat } from 'node:fs/promises';
import path from 'node:path';
import { oneOf, PolytaskError, text } from '@polytask/components';
import { argument, defineCommand, option } from './command.ts';
import * as shared from './shared-options.ts';

export const command = defineCommand({
  options: {
    model: argument('the directory that save() wrote to', text),
    out: shared.out('file', 'a name that ends in .onnx', shared.fileEndingIn('.onnx')),
    force: shared.force(),
    precision: option(
      '<bits>',
      'of the trained matrices: float16 halves the file, int8 makes it a quarter; dynamic-int8 also computes in it',
      oneOf('float32', 'float16', 'int8', 'dynamic-int8'),
      'float32',
    ),
  },
  async run({ model: directory, out: file, force, precision }, { stdout }) {
    shared.refuseReplacing([file], force);
    const [{ load }, { saveOnnx }] = await Promise.all([import('@polytask/core'), import('@polytask/serving')]);
    const { withSavedModel } = await import('../saved-model.ts');
    const model = await withSavedModel('cpu', () => load(directory)); // any engine will do: the export computes nothing
    try {
      const names = await saveOnnx(model, file, { precision }).catch((error: Error) => {
        if (error instanceof PolytaskError) throw error;
        throw new PolytaskError(`Can't write "${file}" (${error.message}).`, { cause: error });
      });
      for (const name of names) {
        const written = path.join(path.dirname(file), name);
        const { size } = await stat(written);
        stdout.write(`Written: ${written}, ${size.toLocaleString('en')} bytes\n`);
      }
      return file;
    } finally {
      model.dispose();
    }
  },
  document: describe,
});

/** The file's inputs and outputs, as ONNX Runtime reads them; nothing if it isn't installed. */
async function describe(file: string): Promise<string> {
  const runtime = import('onnxruntime-node').catch(() => import('onnxruntime-web'));
  const InferenceSession = await runtime.then((ort) => ort.InferenceSession).catch(() => undefined);
  if (!InferenceSession) return '';
  const session = await InferenceSession.create(file, { graphOptimizationLevel: 'disabled' });
  const { inputMetadata, outputMetadata } = session;
  await session.release();
  const width = Math.max(...[...inputMetadata, ...outputMetadata].map(({ name }) => name.length));
  const lines = (kind: string, values: typeof inputMetadata) =>
    values.map((value) => {
      const form = value.isTensor ? `${value.type} [${value.shape.join(', ')}]` : '';
      return `${kind.padEnd(6)}  ${value.name.padEnd(width)}  ${form}\n`;
    });
  return [...lines('input', inputMetadata), ...lines('output', outputMetadata)].join('');
}
