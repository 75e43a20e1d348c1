import { fail, load, PolytaskError } from '@polytask/core';
import { exportOnnx } from '@polytask/serving';
import { Command } from 'commander';
import { writeWhole } from '../text-files.ts';
import { argument } from './arguments.ts';
import type { Io } from './io.ts';
import { withSavedModel } from './saved-model.ts';

interface Options {
  onnx: string;
}

/** `polytask export MODEL_DIR --onnx FILE` writes a saved model as one ONNX file. It replaces a file of that name. */
export const exportCommand = ({ stdout }: Io): Command =>
  new Command('export')
    .description('write a saved model as one ONNX file for any batch size')
    .argument('<model>', 'the directory that save() wrote to')
    .requiredOption('--onnx <file>', 'the file to write, or to replace', argument(onnxFile))
    .action(async (directory: string, { onnx: file }: Options) => {
      const model = await withSavedModel('cpu', () => load(directory)); // any engine will do: the export computes nothing
      try {
        const bytes = await exportOnnx(model);
        const table = await describe(bytes); // fails before a file is replaced
        await writeWhole(file, bytes).catch((error: Error) => {
          throw new PolytaskError(`Can't write "${file}" (${error.message}).`, { cause: error });
        });
        stdout.write(`Written: ${file}, ${bytes.length.toLocaleString('en')} bytes, for any batch size\n${table}`);
      } finally {
        model.dispose();
      }
    });

function onnxFile(name: string): string {
  if (name.endsWith('.onnx')) return name;
  return fail({ expected: 'a file name that ends in .onnx', received: `"${name}"`, mend: `Pass --onnx ${name}.onnx.` });
}

/** The file's inputs and outputs, as ONNX Runtime reads them. */
async function describe(bytes: Uint8Array): Promise<string> {
  const { InferenceSession } = await import('onnxruntime-node').catch(() => import('onnxruntime-web'));
  const session = await InferenceSession.create(bytes, { graphOptimizationLevel: 'disabled' });
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
