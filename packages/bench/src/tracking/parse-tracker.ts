import { componentsOf, fail, suggestion } from '@polytask/core';
import { defineTracker, jsonLinesTracker, mlflowTracker, tensorBoardTracker, type Tracker } from '@polytask/training';
import { trackerKind } from '@polytask/training/internal';

const own = { package: '@polytask/bench' };

defineTracker(
  'tensorboard',
  { place: 'DIR', open: tensorBoardTracker },
  { ...own, description: 'event files that `tensorboard --logdir DIR` shows' },
);
defineTracker(
  'mlflow',
  {
    place: 'URL',
    /** A token for MLflow comes from its clients' own variable, so that no command shows it. */
    open(url) {
      const token = process.env['MLFLOW_TRACKING_TOKEN'];
      return mlflowTracker(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
    },
  },
  { ...own, description: 'an MLflow tracking server, by its address' },
);
defineTracker(
  'jsonl',
  { place: 'DIR', open: jsonLinesTracker },
  { ...own, description: 'a file of JSON lines, `runs.jsonl`' },
);

/** The trackers that are defined, those of plugins as well. */
export const trackers = () => componentsOf('tracker');

/** What `--track` takes: `tensorboard=DIR, mlflow=URL or jsonl=DIR`, and the trackers of plugins. */
export function trackerPlaces(): string {
  const places = trackers().map(({ name }) => `${name}=${trackerKind(name).place}`);
  return `${places.slice(0, -1).join(', ')} or ${places.at(-1)!}`;
}

/**
 * Reads `tensorboard=DIR`, `mlflow=URL`, `jsonl=DIR`, or the name and the place of a plugin's tracker.
 *
 * @param before the trackers of the options before, as commander passes them
 * @throws PolytaskError for another text
 */
export function parseTracker(text: string, before: readonly Tracker[] = []): Tracker[] {
  const [, name = text, place] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const names = trackers().map((each) => each.name);
  if (place !== undefined && names.includes(name)) return [...before, trackerKind(name).open(place)];
  return fail({
    expected: `${trackerPlaces()} for --track`,
    received: `"${text}"`,
    fix: suggestion(name, names),
  });
}
