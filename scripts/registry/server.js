/**
 * The thread behind `startRegistry`: Verdaccio on a free port of this machine. It posts the port.
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { runServer } from 'verdaccio';

/** @type {{ directory: string, upstream: string }} */
const { directory, upstream } = workerData;

// They come from nowhere else, so that a published release can't hide a fault of this one.
const OWN = '{polytask,create-polytask,@polytask/*}';

const server = await runServer({
  self_path: join(directory, 'config.yaml'), // Verdaccio keeps its state beside this file, which need not exist
  storage: join(directory, 'storage'),
  uplinks: { upstream: { url: upstream, cache: false } },
  packages: {
    [OWN]: { access: '$all', publish: '$all' },
    '**': { access: '$all', proxy: 'upstream' },
  },
  max_body_size: '100mb',
  web: { enable: false },
  log: { type: 'stdout', format: 'pretty', level: 'fatal' },
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage(server.address().port));
