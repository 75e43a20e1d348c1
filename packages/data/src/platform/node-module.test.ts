import { describe, expect, it, vi } from 'vitest';
import { nodeModule, optionalNodeModule } from './node-module.ts';

describe('nodeModule', () => {
  it('is the module in Node, and a sentence in a browser', () => {
    expect(typeof nodeModule('node:fs', 'a test').readFileSync).toBe('function');
    vi.stubGlobal('process', { env: {} });
    try {
      expect(optionalNodeModule('node:zlib')).toBeUndefined();
      expect(() => nodeModule('node:fs', 'reading a file')).toThrow(
        /Expected Node, for reading a file, received an engine without/,
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
