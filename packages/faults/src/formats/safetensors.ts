import { readSafetensors, writeSafetensors } from '@polytask/core';
import type { FaultFormat } from '../format.ts';
import { textOf } from './temporary-files.ts';

/** A safetensors file alone. It has no checksum: the numbers may change, the header may not. */
export const safetensors: FaultFormat = {
  name: 'safetensors',
  sealed: false,
  example: async () => ({
    'weights.safetensors': writeSafetensors(
      {
        w: { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 4, 5, 6) },
        ids: { dtype: 'int32', shape: [4], data: Int32Array.of(1, 2, 3, -4) },
        empty: { dtype: 'float32', shape: [0], data: new Float32Array() },
      },
      { format: 'polytask', toString: 'a' },
    ),
  }),
  load: async (files) => {
    const { tensors, metadata } = readSafetensors(files['weights.safetensors']!);
    return textOf([Object.entries(tensors), Object.entries(metadata)]);
  },
};
