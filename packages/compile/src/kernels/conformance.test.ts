import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { checkCase } from '../testing/check-case.ts';
import { kernelCases } from '../testing/kernel-cases.ts';

let runtime: Runtime;

beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await nodeRuntime();
});

describe.each([...kernelCases()])('%s', (_kernel, cases) => {
  it(`is as on the cpu backend (${cases.length} cases)`, async () => {
    const faults: string[] = [];
    for (const each of cases) await checkCase(each, runtime).catch((error: Error) => faults.push(`${each.title}: ${error.message}`));
    if (faults.length > 0) throw new Error(`${faults.length} of ${cases.length} cases:\n${faults.slice(0, 5).join('\n')}`);
  });
});
