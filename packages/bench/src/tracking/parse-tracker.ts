import { fail, suggestion } from '@polytask/core';
import { jsonLinesTracker, mlflowTracker, tensorBoardTracker, type Tracker } from '@polytask/training';

/** The trackers by the word before `=`. A token for MLflow comes from its clients' own variable, so that no command shows it. */
const TRACKERS: Readonly<Record<string, (place: string) => Tracker>> = {
  tensorboard: tensorBoardTracker,
  jsonl: jsonLinesTracker,
  mlflow(url) {
    const token = process.env['MLFLOW_TRACKING_TOKEN'];
    return mlflowTracker(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  },
};

/**
 * Reads `tensorboard=DIR`, `mlflow=URL` or `jsonl=DIR`.
 *
 * @param before the trackers of the options before, as commander passes them
 * @throws PolytaskError for another text
 */
export function parseTracker(text: string, before: readonly Tracker[] = []): Tracker[] {
  const [, kind = text, place] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (place !== undefined && Object.hasOwn(TRACKERS, kind)) return [...before, TRACKERS[kind]!(place)];
  return fail({
    expected: 'tensorboard=DIR, mlflow=URL or jsonl=DIR for --track',
    received: `"${text}"`,
    mend: suggestion(kind, Object.keys(TRACKERS)),
  });
}
