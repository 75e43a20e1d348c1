import type { Worker } from 'node:worker_threads';
import type { AsyncBuffer } from 'hyparquet';
import { optionalNodeModule } from './node-module.ts';

/** The time for a call, without the time that reading bytes takes. */
const SECONDS = 6;
const SECONDS_PER_MEGABYTE = 2;

/** The heap of the thread. A damaged run length of 2³¹ values would fill it, instead of that of the program. */
const MEGABYTES = 2048;

/** A function of an opened file. Its argument and its answer go from thread to thread, so they are data. */
type Call = (argument: never) => unknown;

/** A format of files, with the packages that decode it. */
export interface Format<M, C extends Record<keyof C, Call>> {
  readonly packages: readonly string[];
  readonly load: () => Promise<M>;
  /**
   * Opens a file. It runs in the thread, too, as text: it knows its arguments only. Its functions are methods or have no name, because
   * compilers that keep names call a helper for others. Buffers in a property `transfer` of an answer are transferred, not copied.
   */
  readonly open: (file: AsyncBuffer, modules: M) => Promise<C>;
}

export interface Decoder<C extends Record<keyof C, Call>> {
  call<K extends keyof C & string>(name: K, ...argument: Parameters<C[K]>): Promise<Awaited<ReturnType<C[K]>>>;
  /** Frees what the decoder holds. A later call takes it again. */
  close(): Promise<void>;
}

/** The program of the thread. It asks for parts of a file, as the file may be a Blob or a URL. */
const programOf = (open: unknown): string => `
const { parentPort, workerData } = require('node:worker_threads');
const modules = Promise.all(workerData.map((url) => import(url)));
const open = ${String(open)};
const files = new Map();
const parts = new Map();
let lastPart = 0;
const slice = (start, end) =>
  new Promise((resolve, reject) => {
    parts.set(++lastPart, { resolve, reject });
    parentPort.postMessage({ part: lastPart, start, end });
  });
const run = async ({ file, byteLength, name, argument }) => {
  if (!files.has(file)) files.set(file, await open({ byteLength, slice }, await modules));
  const value = await files.get(file)[name](argument);
  parentPort.postMessage({ value }, value.transfer);
};
parentPort.on('message', ({ part, bytes, closed, ...call }) => {
  if (closed !== undefined) files.delete(closed);
  else if (part === undefined)
    run(call).catch((error) => parentPort.postMessage({ error: String(error && error.message) }));
  else {
    parts.get(part).resolve(bytes);
    parts.delete(part);
  }
});
`;

type Message =
  | { readonly part: number; readonly start: number; readonly end?: number }
  | { readonly value: unknown }
  | { readonly error: string };

/**
 * Decodes the files of a format in a thread with limits of time and memory: damaged bytes can keep a decoder busy for ever. All files share
 * one thread, and calls wait for one another, so that only the one past its limit fails. Without threads, as in a browser, decodes here.
 */
export function decoderOf<M, C extends Record<keyof C, Call>>(format: Format<M, C>): (file: AsyncBuffer) => Decoder<C> {
  let thread: Worker | undefined;
  let lastCall: Promise<unknown> = Promise.resolve();
  let files = 0;
  return (buffer) => {
    const modules = urlsOf(format.packages);
    if (!modules) return directDecoder(format, buffer);
    const { byteLength } = buffer;
    const file = ++files;
    return {
      call(name, argument?: unknown) {
        const answer = () =>
          answerOf((thread ??= startThread(format.open, modules)), { file, byteLength, name, argument }, buffer, () => {
            thread = undefined; // the next call starts another one
          });
        return (lastCall = lastCall.then(answer, answer)) as Promise<never>;
      },
      close: async () => thread?.postMessage({ closed: file }),
    };
  };
}

function directDecoder<M, C extends Record<keyof C, Call>>(format: Format<M, C>, file: AsyncBuffer): Decoder<C> {
  let opened: Promise<C> | undefined;
  return {
    async call(name, ...argument) {
      const calls = await (opened ??= format.load().then((modules) => format.open(file, modules)));
      return calls[name](...(argument as [never])) as never;
    },
    close: async () => void (opened = undefined),
  };
}

function startThread(open: unknown, modules: readonly string[]): Worker {
  const { Worker } = optionalNodeModule('node:worker_threads')!;
  const limits = { maxOldGenerationSizeMb: MEGABYTES };
  const started = new Worker(programOf(open), {
    eval: true,
    execArgv: [],
    workerData: modules,
    resourceLimits: limits,
  });
  started.unref(); // the program may end while it waits for the next call
  return started;
}

function answerOf(current: Worker, call: object, buffer: AsyncBuffer, forget: () => void): Promise<unknown> {
  const seconds = SECONDS + (SECONDS_PER_MEGABYTE * buffer.byteLength) / 1e6;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (): void => {
      clearTimeout(timer);
      current.off('error', onError).off('exit', onExit).off('message', onMessage);
    };
    const abandon = (reason: unknown): void => {
      settle();
      forget();
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

function urlsOf(packages: readonly string[]): string[] | undefined {
  try {
    const require = optionalNodeModule('node:module')?.createRequire(import.meta.url);
    const url = optionalNodeModule('node:url');
    if (!require || !url) return undefined;
    return packages.map((name) => url.pathToFileURL(require.resolve(name)).href);
  } catch {
    return undefined;
  }
}
