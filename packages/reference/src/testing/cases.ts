import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSafetensors, type NamedTensor } from '@polytask/core';
import type { ReferenceConfiguration } from '../configuration.ts';

const FOLDER = fileURLToPath(new URL('./cases/', import.meta.url));

/** A case of the library; `cases/README.md` says how it was made. */
export interface Case {
  readonly configuration: ReferenceConfiguration;
  readonly stateDict: Readonly<Record<string, NamedTensor>>;
  /** [batch, input_dim] */
  readonly input: NamedTensor;
  /** [batch, num_tasks] */
  readonly logits: NamedTensor;
}

export const CASES = readdirSync(FOLDER).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);

export function readCase(name: string): Case {
  const configuration = JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8')) as ReferenceConfiguration;
  const { tensors } = readSafetensors(readFileSync(`${FOLDER}${name}.safetensors`), name);
  const parameters = Object.entries(tensors).filter(([tensor]) => tensor.startsWith('param.'));
  return {
    configuration,
    stateDict: Object.fromEntries(parameters.map(([tensor, value]) => [tensor.slice('param.'.length), value])),
    input: tensors['input']!,
    logits: tensors['logits']!,
  };
}

/** Shapes and bits by name: what `toEqual` compares bit for bit, -0 and NaN included. */
export const bitsOf = (tensors: Readonly<Record<string, NamedTensor>>) =>
  Object.entries(tensors).map(([name, { shape, data }]) => ({
    name,
    shape: [...shape],
    bits: [...new Uint32Array(data.buffer, data.byteOffset, data.length)],
  }));
