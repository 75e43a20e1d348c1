import type { Counter, Histogram, Registry } from 'prom-client';

/** The metrics of one service, for Prometheus. */
export interface ServiceMetrics {
  readonly registry: Registry;
  /** Answered requests, by method, route and status. */
  readonly requests: Counter;
  /** Seconds from a request's head to the end of its answer, by route. */
  readonly seconds: Histogram;
  /** Rows in each run of the model. Its count is the number of runs, its sum that of predicted rows. */
  readonly batchRows: Histogram;
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384];

/** Makes the metrics of a service, beside those of the Node process. @param queueRows how many rows wait */
export async function serviceMetrics(queueRows: () => number): Promise<ServiceMetrics> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'polytask_queue_rows',
    help: 'Rows that wait for their prediction',
    registers,
    collect() {
      this.set(queueRows());
    },
  });
  return {
    registry,
    requests: new Counter({
      name: 'polytask_requests_total',
      help: 'Answered requests',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'polytask_request_seconds',
      help: "Seconds from a request's head to the end of its answer",
      labelNames: ['route'],
      buckets: SECONDS,
      registers,
    }),
    batchRows: new Histogram({
      name: 'polytask_batch_rows',
      help: 'Rows in each run of the model',
      buckets: ROWS,
      registers,
    }),
  };
}
