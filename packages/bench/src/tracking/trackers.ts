import { specNamed, optional, text } from '@polytask/components';
import {
  defineTracker,
  jsonLinesTracker,
  mlflowTracker,
  openTracker,
  tensorBoardTracker,
  type Tracker,
} from '@polytask/training';

const own = { package: '@polytask/bench' };

/** The kind of component that this file defines some of. Whoever imports the name has them, in a bundle, too. */
export const TRACKER = 'tracker';

defineTracker('tensorboard', ({ directory }) => tensorBoardTracker(directory), {
  ...own,
  options: { directory: text },
  help: { directory: 'The log directory.' },
  description: 'event files that `tensorboard --logdir DIR` shows',
});
defineTracker(
  'mlflow',
  ({ url, experiment }) => {
    const token = process.env['MLFLOW_TRACKING_TOKEN']; // the variable of MLflow's own clients, so that no command shows the token
    return mlflowTracker(url, { experiment, ...(token && { headers: { authorization: `Bearer ${token}` } }) });
  },
  {
    ...own,
    options: { url: text, experiment: optional(text) },
    help: { url: 'The address of the server.', experiment: 'The experiment of the runs. Default: polytask.' },
    description: 'an MLflow tracking server, by its address',
  },
);
defineTracker('jsonl', ({ directory }) => jsonLinesTracker(directory), {
  ...own,
  options: { directory: text },
  help: { directory: 'The folder of the file.' },
  description: 'a file of JSON lines, `runs.jsonl`',
});

export const trackerNamed = (text: string): Tracker => openTracker(specNamed(TRACKER, text));
