import { nodeModule } from '../platform/node-module.ts';

/** In hex. */
export const sha256Of = (bytes: Uint8Array): string =>
  nodeModule('node:crypto', 'checking a file').createHash('sha256').update(bytes).digest('hex');
