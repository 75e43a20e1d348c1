import { checkOptions, checks, type Options } from '@polytask/core';
import type { CompilePredictOptions } from '@polytask/serving';
import type { ModelSource } from '../open-model.ts';

export interface ServeOptions extends Pick<CompilePredictOptions, 'runtime' | 'precision'> {
  /** The address to listen at. Default `127.0.0.1`: this machine only. `0.0.0.0` is for containers. */
  host?: string;
  /** Default 8080. 0 takes a free port. */
  port?: number;
  /** The most bytes of a request's body; a larger one gets status 413. Default 4 MiB. */
  maxBodyBytes?: number;
  /**
   * The most bytes of bodies whose requests are not answered yet, together; beyond it, status 503. The first 64 KiB of each don't count.
   * Default 16 × `maxBodyBytes`.
   */
  maxBufferedBytes?: number;
  /** The most connections. Further ones are closed without an answer. Default 2,000. */
  maxConnections?: number;
  /** The most rows of a request; more get status 413. Default 10,000. */
  maxRows?: number;
  /** Concurrent requests are predicted together, up to this many rows. Default 256. */
  maxBatchRows?: number;
  /** How long a request waits for others to be predicted with, in milliseconds. Default 0: only for those that are there already. */
  maxWaitMs?: number;
  /** The most rows that wait for their prediction. Further requests get status 503. Default 50,000. */
  maxQueueRows?: number;
  /**
   * The most milliseconds to receive a request, and to wait for its turn. A slow client gets status 408, a request whose turn
   * comes too late 503. A client that reads nothing of its answer for so long is cut. Default 10,000.
   */
  timeoutMs?: number;
  /**
   * A file of tokens, one on each line. Requests then need the header `Authorization: Bearer TOKEN`, except to `/health` and `/ready`. A
   * changed file is read again. Default: everybody may ask.
   */
  tokenFile?: string;
  /** The most milliseconds that `close` waits for requests under way. Default 10,000. */
  graceMs?: number;
  /**
   * How often to look whether the model's folder was replaced, in milliseconds. The new model then answers new requests. 0 never looks.
   * Default 1000.
   */
  reloadMs?: number;
  /** A second model: its folder, or the model. It predicts each request after its answer, and `/metrics` compares the two. */
  shadow?: ModelSource;
  /** Called when a replaced model was loaded. @param model as `modelId` gives it */
  onReload?: (model: string, folder: string) => void;
  /**
   * Called with errors that are the service's own. The client only gets status 500. Default: they are dropped.
   *
   * @param requestId of the request that failed, as its answer has it
   */
  onError?: (error: unknown, requestId?: string) => void;
}

/** The options of a service, complete. */
export type ServiceLimits = Required<Omit<ServeOptions, 'runtime' | 'precision' | 'shadow' | 'tokenFile'>> &
  Pick<ServeOptions, 'runtime' | 'precision' | 'tokenFile'>;

const { anything, number, optional, text, wholeNumber } = checks;
const count = optional(wholeNumber(1));
const milliseconds = optional(number('a number of milliseconds, 0 or more', (value) => value >= 0));

const OPTIONS: Options<ServeOptions> = {
  host: optional(text),
  port: optional(number('a port from 0 to 65535', (value) => Number.isInteger(value) && value >= 0 && value < 65536)),
  maxBodyBytes: count,
  maxBufferedBytes: count,
  maxConnections: count,
  maxRows: count,
  maxBatchRows: count,
  maxWaitMs: milliseconds,
  maxQueueRows: count,
  timeoutMs: count,
  tokenFile: optional(text),
  graceMs: milliseconds,
  reloadMs: milliseconds,
  shadow: anything,
  onReload: anything,
  onError: anything,
  runtime: anything,
  precision: anything,
};

/** @throws PolytaskError for an unknown option, with the name that was meant, and for a value out of range */
export function serviceLimits(options: ServeOptions): ServiceLimits {
  checkOptions(options, OPTIONS, 'serve');
  const { maxBodyBytes = 4 * 2 ** 20 } = options;
  return {
    host: '127.0.0.1',
    port: 8080,
    maxBodyBytes,
    maxBufferedBytes: 16 * maxBodyBytes,
    maxConnections: 2000,
    maxRows: 10_000,
    maxBatchRows: 256,
    maxWaitMs: 0,
    maxQueueRows: 50_000,
    timeoutMs: 10_000,
    graceMs: 10_000,
    reloadMs: 1000,
    onReload: () => {},
    onError: () => {},
    ...options,
  };
}
