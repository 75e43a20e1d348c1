import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Tasks } from '@polytask/core';
import type { ModelSource } from '../open-model.ts';
import { ModelSlot } from './model-slot.ts';
import { type ServeOptions, serviceLimits } from './serve-options.ts';
import { serviceApp } from './service-app.ts';
import { shadowOf } from './shadow.ts';
import { openTokens, type Tokens } from './tokens.ts';

/** A running service. */
export interface Service {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The engine in one line, with the reason when it isn't the fastest one. */
  readonly engine: string;
  /**
   * Loads the folders of the models again, without waiting for `reloadMs`.
   *
   * @throws PolytaskError for a folder that doesn't open. The model of before stays
   */
  reload(): Promise<void>;
  /** Accepts no more connections, answers the requests under way, and frees the model. */
  close(): Promise<void>;
}

/**
 * Serves a trained model over HTTP: `POST /predict` and `/labels`, `GET /health`, `/ready`, `/model`, `/metrics` and `/openapi.json`. It
 * has no TLS: put a reverse proxy before it if others can reach it.
 *
 * When the folder is replaced, the new model answers new requests, and requests under way end with the old one.
 *
 * First import the packages that define the model's components, as for core's `load`.
 *
 * @param source the folder of a trained model, or a model
 * @returns a service that takes requests already
 * @throws PolytaskError for an unknown option, a folder without a model, and a file without a token
 * @throws Error when the port is taken
 * @example
 * const { url, close } = await serve('people-model', { port: 8080 });
 * process.once('SIGTERM', () => void close());
 */
export async function serve<T extends Tasks>(source: ModelSource<T>, options: ServeOptions = {}): Promise<Service> {
  const limits = serviceLimits(options);
  const { shadow: other, tokenFile } = options;
  let tokens: Tokens | undefined;
  const slots: ModelSlot[] = [];
  const open = async (model: ModelSource, own = limits) => {
    const slot = await ModelSlot.open(model, own);
    slots.push(slot);
    return slot;
  };
  const free = async () => {
    tokens?.close();
    await Promise.all(slots.map((slot) => slot.close()));
  };
  try {
    if (tokenFile !== undefined) tokens = await openTokens(tokenFile, TOKENS_MS, limits.onError);
    const slot = await open(source as ModelSource);
    const shadow =
      other === undefined ? undefined : shadowOf(await open(other, { ...limits, background: undefined }), limits);
    const app = await serviceApp(slot, limits, shadow, tokens);
    const drain = stopper(app);
    const url = await listen(app, limits);
    const stop = async () => {
      const closed = new Promise((resolve) => app.close(resolve)); // from here on, nothing more is accepted
      await drain(limits.graceMs);
      await closed;
      await new Promise(setImmediate); // what follows the last answers has begun
      await free();
    };
    let stopped: Promise<void> | undefined;
    return {
      ...{ url, engine: slot.current.predictor.engine },
      reload: async () => void (await Promise.all(slots.map((each) => each.reload()))),
      close: () => (stopped ??= stop()),
    };
  } catch (error) {
    await free();
    throw error;
  }
}

const TOKENS_MS = 1000;

/** The addresses of this machine that stand for all of its addresses. */
const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Lets a server listen. @returns its URL on this machine @throws Error when the port is taken */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  server.listen({ host, port });
  await once(server, 'listening');
  const { address, family, port: chosen } = server.address() as AddressInfo;
  const name = ANY[address] ?? address;
  return `http://${family === 'IPv6' ? `[${name}]` : name}:${chosen}`;
}

/** Counts the requests under way. @returns a function that waits for them, at most `graceMs`, and then cuts all connections */
function stopper(server: Server): (graceMs: number) => Promise<void> {
  const underWay = new Set<ServerResponse>();
  let onIdle: (() => void) | undefined;
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    underWay.add(response);
    if (onIdle) response.setHeader('connection', 'close');
    response.once('close', () => {
      underWay.delete(response);
      if (underWay.size === 0) onIdle?.();
    });
  });
  return async (graceMs) => {
    const idle = new Promise<void>((resolve) => (onIdle = resolve));
    for (const response of underWay) if (!response.headersSent) response.setHeader('connection', 'close');
    if (underWay.size > 0) await Promise.race([idle, setTimeout(graceMs, undefined, { ref: false })]);
    server.closeAllConnections(); // those that never sent a request, and what is too slow
  };
}
