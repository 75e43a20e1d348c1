import { anything, notNegative, number, optional, text, wholeNumber } from '@polytask/components';
import { readOptions, type FromDescription, type Option, type Read, type Written } from '@polytask/core';
import { engineOptions, type ModelSource } from '../open-model.ts';

const description = {
  /** The address to listen at. `127.0.0.1` is this machine only. `0.0.0.0` is for containers. */
  host: optional(text, '127.0.0.1'),
  /** 0 takes a free port. */
  port: optional(number({ whole: true, from: 0, to: 65_535 }), 8080),
  /** The most bytes of a request's body; a larger one gets status 413. */
  maxBodyBytes: optional(wholeNumber(1), 4 * 2 ** 20),
  /**
   * The most bytes of bodies whose requests are not answered yet, together; beyond it, status 503. The first 64 KiB of each don't count.
   * Default 16 × `maxBodyBytes`.
   */
  maxBufferedBytes: optional(wholeNumber(1), ({ maxBodyBytes }) => 16 * (maxBodyBytes as number)),
  /** The most connections. Further ones are closed without an answer. */
  maxConnections: optional(wholeNumber(1), 2000),
  /** The most rows of a request; more get status 413. */
  maxRows: optional(wholeNumber(1), 10_000),
  /** Concurrent requests are predicted together, up to this many rows. */
  maxBatchRows: optional(wholeNumber(1), 256),
  /** How long a request waits for others to be predicted with, in milliseconds. 0: only for those that are there already. */
  maxWaitMs: optional(notNegative, 0),
  /** The most rows that wait for their prediction. Further requests get status 503. */
  maxQueueRows: optional(wholeNumber(1), 50_000),
  /**
   * The most milliseconds to receive a request, and to wait for its turn. A slow client gets status 408, a request whose turn
   * comes too late 503. A client that reads nothing of its answer for so long is cut.
   */
  timeoutMs: optional(wholeNumber(1), 10_000),
  /**
   * A file of tokens, one on each line. Requests then need the header `Authorization: Bearer TOKEN`, except to `/health` and `/ready`. A
   * changed file is read again. Without it, everybody may ask.
   */
  tokenFile: optional(text),
  /** The most milliseconds that `close` waits for requests under way. */
  graceMs: optional(notNegative, 10_000),
  /** How often to look whether the model's folder was replaced, in milliseconds. The new model then answers new requests. 0 never looks. */
  reloadMs: optional(notNegative, 1000),
  /** A second model: its folder, or the model. It predicts each request after its answer, and `/metrics` compares the two. */
  shadow: optional(anything as Option<ModelSource>),
  /**
   * A file of rows that explained rows are compared with: 100 random ones. A request with `"explain": true` then gets explanations. Boosted
   * trees explain themselves without it.
   */
  background: optional(text),
  /** Called when a replaced model was loaded. @param model as `modelId` gives it */
  onReload: optional(anything as Option<(model: string, folder: string) => void>, () => () => {}),
  /**
   * Called with errors that are the service's own. The client only gets status 500. Without it, they are dropped.
   *
   * @param requestId of the request that failed, as its answer has it
   */
  onError: optional(anything as Option<(error: unknown, requestId?: string) => void>, () => () => {}),
  ...engineOptions,
};

export interface ServeOptions extends Written<typeof description>, FromDescription {}

export type ServiceLimits = Omit<Read<typeof description>, 'shadow'>;

export const serviceLimits = (options: ServeOptions): ServiceLimits => readOptions(options, description, 'serve');
