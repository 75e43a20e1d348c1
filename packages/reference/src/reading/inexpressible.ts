import { fail } from '@polytask/core';

/** What the library has no words for. */
export const inexpressible = (expected: string, received: unknown): never =>
  fail({
    expected: `${expected}, as the reference library has it,`,
    received: typeof received === 'string' ? received : (JSON.stringify(received) ?? 'undefined'),
    mend: 'Such a model has no PyTorch form there: keep it as a Polytask model (save), or export it (exportOnnx).',
  });
