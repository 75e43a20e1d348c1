import path from 'node:path';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';

/**
 * Runs a program without Node: bundled for a browser, in a context of its own with the globals of a page's worker. A test that
 * takes `process` away from its own process breaks the test runner at random.
 *
 * @param program TypeScript that exports functions; imports are relative to `directory`
 * @param globals further globals of the page
 * @returns the exported functions. Their results belong to the context: return texts or numbers to compare them.
 */
export async function loadInPage<Exports>(
  program: string,
  directory: string,
  globals: Readonly<Record<string, unknown>> = {},
): Promise<Exports> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: directory, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'page',
    platform: 'browser',
    conditions: ['@polytask/source'],
    external: ['onnxruntime-*'],
    logLevel: 'error',
  });
  const context = createContext({ ...PAGE, ...globals });
  // as TensorFlow.js knows a worker of a page
  new Script('globalThis.self = globalThis; globalThis.WorkerGlobalScope = class {};').runInContext(context);
  new Script(outputFiles[0]!.text, { filename: path.join(directory, 'page.js') }).runInContext(context);
  return context['page'] as Exports;
}

const silent = { log() {}, warn() {}, error() {}, info() {} };

const PAGE = {
  ...{ ReadableStream, TransformStream, DecompressionStream, Response },
  ...{ btoa, TextEncoder, TextDecoder, URL, MessageChannel, Blob, performance, crypto, fetch },
  ...{ setTimeout, clearTimeout, console: silent },
};
