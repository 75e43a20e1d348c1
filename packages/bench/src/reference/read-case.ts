import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail, parseJson, PolytaskError, readSafetensors, type NamedTensor } from '@polytask/core';
import { tensorFaults } from '@polytask/core/internal';
import {
  checkConfiguration,
  type NamedTensors,
  type ReferenceAdam,
  type ReferenceConfiguration,
} from '@polytask/reference';

/** A case of the reference library: a model, one batch, and the tensors that the library computed. */
export interface ReferenceCase {
  readonly name: string;
  readonly configuration: ReferenceConfiguration;
  readonly adam: ReferenceAdam;
  /** The state dict. */
  readonly parameters: NamedTensors;
  /** [batch, input_dim] */
  readonly input: NamedTensor;
  /** [batch, num_tasks] */
  readonly labels: NamedTensor;
  /** The tensors that the library computed: all other tensors of the file. */
  readonly expected: NamedTensors;
}

const PARAMETER = 'param.';

/** Reads the case NAME.json, with NAME.safetensors beside it. */
export async function readCase(path: string): Promise<ReferenceCase> {
  if (!path.endsWith('.json')) {
    fail({
      expected: 'a case, the path of its .json file',
      received: `"${path}"`,
      fix: 'Its .safetensors file must be next to it.',
    });
  }
  const configuration = parse(path, await read(path, 'the configuration of a case'));
  const weights = `${path.slice(0, -'.json'.length)}.safetensors`;
  const { tensors } = readSafetensors(await read(weights, `the tensors of ${path}`), weights);
  const { num_tasks: tasks, input_dim: width, adam } = configuration;
  if (!adam)
    return fail({
      expected: `adam in ${path}`,
      received: 'none',
      fix: 'Give steps, learning_rate, beta1, beta2 and epsilon, as the case was made with.',
    });
  const rows = tensors['input']?.shape[0] ?? configuration.batch ?? 0;
  const shapes = {
    input: [rows, width],
    labels: [rows, tasks],
    logits: [rows, tasks],
    task_losses: [tasks],
    loss_curve: [adam.steps, tasks],
    trained_logits: [rows, tasks],
  };
  const own = Object.entries(tensors).filter(([name]) => Object.hasOwn(shapes, name));
  const wrong = tensorFaults(shapes, Object.fromEntries(own), 'float32');
  if (wrong.length > 0)
    throw new PolytaskError(
      `${weights} isn't the other half of its configuration: ${wrong.join('; ')}. Generate both again.`,
    );
  const { input, labels, ...others } = tensors as typeof tensors & { input: NamedTensor; labels: NamedTensor };
  const parts: Record<'parameters' | 'expected', Record<string, NamedTensor>> = { parameters: {}, expected: {} };
  for (const [name, tensor] of Object.entries(others)) {
    if (name.startsWith(PARAMETER)) parts.parameters[name.slice(PARAMETER.length)] = tensor;
    else parts.expected[name] = tensor;
  }
  return { name: basename(path, '.json'), configuration, adam, input, labels, ...parts };
}

function parse(path: string, bytes: Uint8Array): ReferenceConfiguration {
  const configuration = parseJson(bytes, `a configuration as JSON in ${path}`, 'Copy or generate it again.');
  try {
    checkConfiguration(configuration);
    return configuration;
  } catch (error) {
    throw new PolytaskError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

async function read(path: string, what: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new PolytaskError(
      `Expected ${what} in ${path}, received ${code === 'ENOENT' ? 'no such file' : String(code)}. ` +
        'A case is two files of one name, NAME.json and NAME.safetensors: put both into one folder.',
      { cause: error },
    );
  }
}
