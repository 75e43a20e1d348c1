import { once } from 'node:events';
import { number, text, wholeNumber } from '@polytask/components';
import { AUTO } from '../engines.ts';
import { argument, defineCommand, option } from './command.ts';
import { interruptible } from './io.ts';
import * as shared from './shared-options.ts';

export const command = defineCommand({
  options: {
    model: argument('the directory of a trained model', text),
    port: option('<n>', 'the port; 0 takes a free one', number({ whole: true, from: 0, to: 65_535 }), 8080),
    host: option('<address>', 'the address to listen at; 0.0.0.0 for all, as in a container', text, '127.0.0.1'),
    maxBody: option('<mb>', 'the most megabytes of a request', wholeNumber(1), 4),
    maxBuffered: option(
      '<mb>',
      'the most megabytes of all requests under way (default: 16 × --max-body)',
      wholeNumber(1),
    ),
    maxConnections: option('<n>', 'further connections are closed', wholeNumber(1), 2000),
    maxRequestRows: option('<n>', 'the most rows of a request', wholeNumber(1), 10_000),
    maxBatch: option('<rows>', 'how many rows of concurrent requests are predicted together', wholeNumber(1), 256),
    maxWait: option('<ms>', 'how long a request waits for others to be predicted with', wholeNumber(), 0),
    timeout: option('<s>', 'the most seconds to receive a request, and to wait for its turn', wholeNumber(1), 10),
    reload: option('<s>', 'how often to look whether the model was replaced; 0: never', wholeNumber(), 1),
    tokenFile: option('<path>', 'tokens, one on each line: a request needs one (Authorization: Bearer TOKEN)', text),
    shadow: option(
      '<model>',
      'a second model, which predicts each request after its answer; /metrics compares them',
      text,
    ),
    background: option(
      '<file>',
      'rows that explained rows are compared with: 100 random ones, for requests with "explain": true',
      text,
    ),
    precision: shared.precision,
  },
  async run(
    { model, maxBody, maxBuffered, maxRequestRows, maxBatch, maxWait, timeout, reload: every, ...options },
    { stdout, stderr, interrupts = process },
  ) {
    const onError = (error: unknown, requestId?: string) => {
      const where = requestId === undefined ? '' : ` in request ${requestId}`;
      stderr.write(`error${where}: ${error instanceof Error ? error.stack : String(error)}\n`);
    };
    const { serve } = await import('@polytask/server');
    const { withSavedModel } = await import('../saved-model.ts');
    const { url, engine, reload, close } = await withSavedModel(AUTO, () =>
      serve(model, {
        ...{ ...options, maxRows: maxRequestRows, maxBatchRows: maxBatch, maxWaitMs: maxWait, onError },
        maxBodyBytes: maxBody * 2 ** 20,
        maxBufferedBytes: maxBuffered && maxBuffered * 2 ** 20,
        timeoutMs: timeout * 1000,
        reloadMs: every * 1000,
        onReload: (id, folder) => stderr.write(`Loaded again: ${folder}, model ${id}\n`),
      }),
    );
    const untilStopped = async (signal: AbortSignal) => {
      stdout.write(`Serving ${model} at ${url} with ${engine}. Ctrl-C stops.\n`);
      await once(signal, 'abort');
      stderr.write('Stopping: requests under way are answered.\n');
      await close();
    };
    const onHangup = () => void reload().catch(onError);
    if (!stdout.isTTY) interrupts.on('SIGHUP', onHangup); // a terminal that closes sends it, too
    await interruptible(untilStopped, interrupts, ['SIGINT', 'SIGTERM']).finally(() =>
      interrupts.off('SIGHUP', onHangup),
    );
  },
});
