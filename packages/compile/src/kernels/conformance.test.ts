import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { checkCase } from '../testing/check-case.ts';
import { kernelCases } from '../testing/kernel-cases.ts';
import { kernels } from './index.ts';

let runtime: Runtime;

beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await nodeRuntime();
});

/** Their gradients are of no use here: of a whole number, or of what TF.js differentiates in parts. */
const WITHOUT_GRADIENT = [
  'BroadcastTo',
  'GreaterEqual',
  'IsFinite',
  'IsInf',
  'IsNan',
  'OneHot',
  'ArgMax',
  'ArgMin',
  'FloorDiv',
];

describe.each([...kernelCases()])('%s', (kernel, all) => {
  const cases = some(all, 2);
  it(`is as on the cpu backend (${cases.length} cases)`, async () => {
    const compared = new Set<string>();
    const faults: string[] = [];
    for (const each of cases) {
      await checkCase(each, runtime).then(
        (parts) => parts.forEach((part) => compared.add(part)),
        (error: Error) => faults.push(`${each.title}: ${error.message}`),
      );
    }
    expect(faults).toEqual([]);
    expect(compared).toContain('result');
    if (tf.getGradient(kernel) && !WITHOUT_GRADIENT.includes(kernel)) expect(compared).toContain('gradient');
  });
});

it('is tried for every kernel that is traced', () => {
  const tried = kernelCases();
  expect(Object.keys(kernels).filter((kernel) => !tried.has(kernel))).toEqual([]);
});
