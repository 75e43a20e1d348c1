import { fail, load, PolytaskError } from '@polytask/core';
import { exportOnnx } from '@polytask/serving';
import { Command } from 'commander';
import { startEngine } from '../engines.ts';
import { writeWhole } from '../text-files.ts';
import { argument } from './arguments.ts';
import type { Io } from './io.ts';

import '@polytask/adatt'; // these four packages define the components of saved models
import '@polytask/baselines';
import '@polytask/experts';
import '@polytask/gating';

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
      await startEngine('cpu'); // any engine will do: the export computes nothing
      const model = await load(directory).catch((error: unknown) => {
        throw error instanceof PolytaskError ? withHint(error) : error;
      });
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

/** Adds a hint to the error of an unknown component: the module that defines it must be imported. */
const withHint = (error: PolytaskError): PolytaskError =>
  error.message.includes("can't be built")
    ? new PolytaskError(
        `${error.message} If it is a component of your own, add --import with the file that defines it.`,
        { cause: error },
      )
    : error;

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
