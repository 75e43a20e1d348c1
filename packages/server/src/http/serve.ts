import type { Tasks } from '@polytask/core';
import { openPredictor, type Predictor } from '@polytask/serving';
import { openModel, type ModelSource } from '../open-model.ts';
import { listen } from './listen.ts';
import { serviceLimits, type ServeOptions } from './serve-options.ts';
import { serviceApp } from './service-app.ts';
import { stopper } from './stop-server.ts';

/** A running service. */
export interface Service {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The engine in one line, with the reason when it isn't the fastest one. */
  readonly engine: string;
  /** Accepts no more connections, answers the requests under way, and frees the model. */
  close(): Promise<void>;
}

/**
 * Serves a trained model over HTTP: `POST /predict`, `GET /health`, `/ready`, `/metrics` and `/openapi.json`. It has neither TLS nor
 * authentication: put a reverse proxy before it where others can reach it.
 *
 * First import the packages that define the model's components, as for core's `load`.
 *
 * @param source the folder of a trained model, or a model
 * @returns a service that takes requests already
 * @throws PolytaskError for an unknown option, and for a folder without a model
 * @throws Error when the port is taken
 * @example
 * const { url, close } = await serve('people-model', { port: 8080 });
 * process.once('SIGTERM', () => void close());
 */
export async function serve<T extends Tasks>(source: ModelSource<T>, options: ServeOptions = {}): Promise<Service> {
  const limits = serviceLimits(options);
  const { runtime } = options;
  const { model, dispose } = await openModel(source);
  let predictor: Predictor | undefined;
  const free = async () => {
    await predictor?.dispose();
    dispose();
  };
  try {
    predictor = await openPredictor(model, { ...(runtime && { runtime }) });
    const app = await serviceApp(predictor, limits);
    const { drain } = stopper(app);
    const url = await listen(app, limits);
    const stop = async () => {
      const closed = new Promise((resolve) => app.close(resolve)); // from here on, nothing more is accepted
      await drain(limits.graceMs);
      await closed;
      await free();
    };
    let stopped: Promise<void> | undefined;
    return { url, engine: predictor.engine, close: () => (stopped ??= stop()) };
  } catch (error) {
    await free();
    throw error;
  }
}
