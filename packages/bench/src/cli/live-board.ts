import { counted, leaderboard, renderText, settingKey, type TrialResult } from '@polytask/study';
import { standingsOf, summarizeTables } from '@polytask/study/internal';

/** The share of a run's time that a leaderboard may take, if one takes more than {@link BRIEF} seconds. */
const SHARE = 0.02;
const BRIEF = 0.1;

/**
 * The leaderboard so far, of the setting whose trial was the last one. With many models and trials its statistics take seconds. It is then
 * computed anew only after fifty times as long.
 *
 * @param baseline the model that the others are compared with
 * @param now the time in seconds
 */
export function liveBoard(baseline: string, now: () => number = () => performance.now() / 1000) {
  const trials: TrialResult[] = [];
  let drawn: { readonly of: number; readonly width: number; readonly lines: readonly string[] } | undefined;
  let next = -Infinity;
  const draw = (width: number) => {
    const start = now();
    drawn = { of: trials.length, width, lines: linesOf(trials, baseline, width) };
    const took = now() - start;
    next = took < BRIEF ? -Infinity : start + took / SHARE;
    return drawn;
  };
  return {
    add: (trial: TrialResult) => void trials.push(trial),
    /**
     * The lines of a terminal: the first columns and the best models that fit. None before two models have a trial.
     *
     * @param height how many lines there may be
     */
    lines(width: number, height: number): readonly string[] {
      const isOld = drawn?.width !== width || (drawn.of !== trials.length && now() >= next);
      const { lines } = isOld ? draw(width) : drawn!;
      const rest = lines.length - (height - 2); // two lines say how many are left out
      return lines.length <= height
        ? lines
        : height < LEAST
          ? []
          : [...lines.slice(0, -rest), `… and ${rest - 1} more`, ''];
    },
  };
}

/** The height of a title, a head of two lines, two models, what follows, and empty lines. */
const LEAST = 8;

function linesOf(all: readonly TrialResult[], baseline: string, width: number): string[] {
  const last = all.at(-1);
  if (!last) return [];
  const key = settingKey(last);
  const trials = all.filter((trial) => settingKey(trial) === key);
  const [summary] = summarizeTables(trials, { baseline });
  if (!summary || summary.models.length < 2) return [];
  const table = leaderboard(summary, standingsOf(summary, trials));
  const title = [summary.setting, `${counted(trials.length, 'trial')} so far`].filter((part) => part !== '').join(': ');
  const [, , ...lines] = renderText({ title, blocks: [{ kind: 'table', table }] }, { width }).split('\n');
  return ['', title, ...lines.slice(0, lines.indexOf('')), ''];
}
