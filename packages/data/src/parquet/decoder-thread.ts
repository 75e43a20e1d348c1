import type { Worker } from 'node:worker_threads';
import type { AsyncBuffer } from 'hyparquet';
import { optionalNodeModule } from '../platform/node-module.ts';
import type { ColumnRange, ParquetDecoder, ParquetFooter } from './decoder.ts';

/** The time for a call, without the time that reading bytes takes. */
const SECONDS = 6;
const SECONDS_PER_MEGABYTE = 2;

/** The heap of the thread. A damaged run length of 2³¹ values would fill it, instead of that of the program. */
const MEGABYTES = 2048;

/** The program of the thread. It asks for parts of a file, as the file may be a Blob or a URL. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const modules = Promise.all(workerData.map((url) => import(url)));
const files = new Map();
const parts = new Map();
let lastPart = 0;
const slice = (start, end) =>
  new Promise((resolve, reject) => {
    parts.set(++lastPart, { resolve, reject });
    parentPort.postMessage({ part: lastPart, start, end });
  });
const open = async (byteLength) => {
  const [{ parquetScan, parquetSchema }, { compressors }] = await modules;
  const scan = await parquetScan({ file: { byteLength, slice }, compressors });
  const { metadata } = scan;
  return { scan, columns: parquetSchema(metadata).children, keyValues: metadata.key_value_metadata ?? [] };
};
const run = async ({ file, byteLength, range }) => {
  if (!files.has(file)) files.set(file, await open(byteLength));
  const { scan, columns, keyValues } = files.get(file);
  return range === undefined ? { columns, keyValues, ranges: scan.ranges } : scan.readColumn(range);
};
parentPort.on('message', ({ part, bytes, closed, ...call }) => {
  if (closed !== undefined) files.delete(closed);
  else if (part === undefined)
    run(call).then(
      (value) => parentPort.postMessage({ value }),
      (error) => parentPort.postMessage({ error: String(error && error.message) }),
    );
  else {
    parts.get(part).resolve(bytes);
    parts.delete(part);
  }
});
`;

/** What the thread is asked for: the rows of a column, or the footer. */
interface Call {
  readonly file: number;
  readonly byteLength: number;
  readonly range: ColumnRange | undefined;
}

type Message =
  | { readonly part: number; readonly start: number; readonly end?: number }
  | { readonly value: unknown }
  | { readonly error: string };

let thread: Worker | undefined;
let lastCall: Promise<unknown> = Promise.resolve();
let files = 0;

/**
 * Decodes in a thread with limits of time and memory, because damaged bytes can keep the decoder busy for ever, or fill the memory.
 * All files share one thread, which starts with the first call. Each call waits for the one before, so that only the call that is past
 * its limit fails with the thread.
 *
 * @returns undefined where there are no threads, or no files of the decoder: in a browser, and in a bundle
 */
export function threadDecoder(buffer: AsyncBuffer): ParquetDecoder | undefined {
  const modules = decoderModules();
  if (!modules) return undefined;
  const { byteLength } = buffer;
  const file = ++files;
  const call = (range?: ColumnRange): Promise<unknown> => {
    const answer = () => answerOf((thread ??= startThread(modules)), { file, byteLength, range }, buffer);
    return (lastCall = lastCall.then(answer, answer));
  };
  return {
    footer: () => call() as Promise<ParquetFooter>,
    readColumn: (range) => call(range) as Promise<ArrayLike<unknown>>,
    close: async () => thread?.postMessage({ closed: file }),
  };
}

function startThread(modules: readonly string[]): Worker {
  const { Worker } = optionalNodeModule('node:worker_threads')!;
  const limits = { maxOldGenerationSizeMb: MEGABYTES };
  const started = new Worker(PROGRAM, { eval: true, execArgv: [], workerData: modules, resourceLimits: limits });
  started.unref(); // the program may end while it waits for the next call
  return started;
}

/** Sends a call, gives the thread the parts of the file that it asks for, and waits for the result. */
function answerOf(current: Worker, call: Call, buffer: AsyncBuffer): Promise<unknown> {
  const seconds = SECONDS + (SECONDS_PER_MEGABYTE * call.byteLength) / 1e6;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (): void => {
      clearTimeout(timer);
      current.off('error', onError).off('exit', onExit).off('message', onMessage);
    };
    const abandon = (reason: unknown): void => {
      settle();
      thread = undefined; // the next call starts another one
      void current.terminate().then(() => reject(reason));
    };
    const startClock = (): void => {
      timer = setTimeout(() => abandon(new Error(`it can't be decoded in ${Math.ceil(seconds)} s`)), 1000 * seconds);
    };
    const onError = (error: unknown) => abandon(error);
    const onExit = () => abandon(new Error('its decoder ended'));
    const onMessage = async (message: Message): Promise<void> => {
      if ('value' in message || 'error' in message) {
        settle();
        if ('value' in message) resolve(message.value);
        else reject(new Error(message.error));
        return;
      }
      clearTimeout(timer);
      try {
        const bytes = await buffer.slice(message.start, message.end);
        startClock();
        current.postMessage({ part: message.part, bytes });
      } catch (error) {
        abandon(error);
      }
    };
    current.on('error', onError).on('exit', onExit).on('message', onMessage);
    startClock();
    current.postMessage(call);
  });
}

/** The URLs of hyparquet and its compressors. */
function decoderModules(): string[] | undefined {
  try {
    const require = optionalNodeModule('node:module')?.createRequire(import.meta.url);
    const url = optionalNodeModule('node:url');
    if (!require || !url) return undefined;
    return ['hyparquet', 'hyparquet-compressors'].map((name) => url.pathToFileURL(require.resolve(name)).href);
  } catch {
    return undefined;
  }
}
