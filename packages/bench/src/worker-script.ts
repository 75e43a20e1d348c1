import { fileURLToPath } from 'node:url';

/** The file that a worker process runs. It lies beside this one, in the sources and in what is built alike. */
export const workerScript = (): string =>
  fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './trial-worker.ts' : './trial-worker.js', import.meta.url));
