import { once } from 'node:events';
import { Command } from 'commander';
import { AUTO } from '../engines.ts';
import { interruptible } from './interruption.ts';
import type { Invocation } from './io.ts';
import { argument, count } from './arguments.ts';
import { precisionOption, type PredictorPrecision } from './shared-options.ts';

interface Options {
  host: string;
  port: number;
  maxBody: number;
  maxBuffered?: number;
  maxConnections: number;
  tokenFile?: string;
  maxRequestRows: number;
  maxBatch: number;
  maxWait: number;
  timeout: number;
  reload: number;
  shadow?: string;
  precision: PredictorPrecision;
}

const whole = (option: string, least?: number) => argument(count(option, least));

/** `polytask serve MODEL_DIR` answers requests over HTTP until SIGTERM or Ctrl-C. */
export const command = ({ stdout, stderr, interrupts }: Invocation): Command =>
  new Command('serve')
    .argument('<model>', 'the directory of a trained model')
    .option('--port <n>', 'the port; 0 takes a free one', whole('--port', 0), 8080)
    .option('--host <address>', 'the address to listen at; 0.0.0.0 for all, as in a container', '127.0.0.1')
    .option('--max-body <mb>', 'the most megabytes of a request', whole('--max-body'), 4)
    .option(
      '--max-buffered <mb>',
      'the most megabytes of all requests under way (default: 16 × --max-body)',
      whole('--max-buffered'),
    )
    .option('--max-connections <n>', 'further connections are closed', whole('--max-connections'), 2000)
    .option('--max-request-rows <n>', 'the most rows of a request', whole('--max-request-rows'), 10_000)
    .option(
      '--max-batch <rows>',
      'how many rows of concurrent requests are predicted together',
      whole('--max-batch'),
      256,
    )
    .option('--max-wait <ms>', 'how long a request waits for others to be predicted with', whole('--max-wait', 0), 0)
    .option('--timeout <s>', 'the most seconds to receive a request, and to wait for its turn', whole('--timeout'), 10)
    .option('--reload <s>', 'how often to look whether the model was replaced; 0: never', whole('--reload', 0), 1)
    .option('--token-file <path>', 'tokens, one on each line: a request needs one (Authorization: Bearer TOKEN)')
    .option('--shadow <model>', 'a second model, which predicts each request after its answer; /metrics compares them')
    .addOption(precisionOption())
    .action(async (model: string, options: Options) => {
      const { host, port, maxBody, maxBuffered, maxConnections, maxRequestRows: maxRows, maxBatch, maxWait } = options;
      const { timeout, reload: every, tokenFile, shadow, precision } = options;
      const onError = (error: unknown, requestId?: string) => {
        const where = requestId === undefined ? '' : ` in request ${requestId}`;
        stderr.write(`error${where}: ${error instanceof Error ? error.stack : String(error)}\n`);
      };
      const { serve } = await import('@polytask/server');
      const { withSavedModel } = await import('../saved-model.ts');
      const { url, engine, reload, close } = await withSavedModel(AUTO, () =>
        serve(model, {
          ...{ host, port, maxConnections, maxRows, maxBatchRows: maxBatch, maxWaitMs: maxWait, precision },
          maxBodyBytes: maxBody * 2 ** 20,
          timeoutMs: timeout * 1000,
          reloadMs: every * 1000,
          ...(maxBuffered !== undefined && { maxBufferedBytes: maxBuffered * 2 ** 20 }),
          ...(tokenFile !== undefined && { tokenFile }),
          ...(shadow !== undefined && { shadow }),
          onReload: (id, folder) => stderr.write(`Loaded again: ${folder}, model ${id}\n`),
          onError,
        }),
      );
      const untilStopped = async (signal: AbortSignal) => {
        stdout.write(`Serving ${model} at ${url} with ${engine}. Ctrl-C stops.\n`);
        await once(signal, 'abort');
        stderr.write('Stopping: requests under way are answered.\n');
        await close();
      };
      const signals = interrupts ?? process;
      const onHangup = () => void reload().catch(onError);
      if (!stdout.isTTY) signals.on('SIGHUP', onHangup); // a terminal that closes sends it, too
      await interruptible(untilStopped, interrupts, ['SIGINT', 'SIGTERM']).finally(() =>
        signals.off('SIGHUP', onHangup),
      );
    });
