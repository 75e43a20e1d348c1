import { appendBytes, inside } from '#platform';
import { eventRecord } from './event-record.ts';
import { finiteOf, type Tracker } from './tracker.ts';

/**
 * Records runs as event files, which `tensorboard --logdir DIR` shows while they grow: a folder for each run, and a scalar for each
 * number. The parameters of a run are a text in its folder, `parameters.jsonl`. Needs Node.
 *
 * @param directory the log directory
 * @example await fit(model, train, { callbacks: trackEpochs(await tensorBoardTracker('logs').start({ name: 'first' })) });
 */
export function tensorBoardTracker(directory: string): Tracker {
  return {
    async start({ name, parameters = {} }) {
      const folder = inside(directory, name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-'));
      const seconds = () => Date.now() / 1000;
      const file = inside(folder, `events.out.tfevents.${Math.floor(seconds())}.polytask`);
      await appendBytes(file, eventRecord({ time: seconds(), version: 'brain.Event:2' }));
      await appendBytes(
        inside(folder, 'parameters.jsonl'),
        new TextEncoder().encode(`${JSON.stringify(parameters)}\n`),
      );
      return {
        log: (step, values) => appendBytes(file, eventRecord({ time: seconds(), step, scalars: finiteOf(values) })),
        end: () => Promise.resolve(), // an event file has no end
      };
    },
  };
}
