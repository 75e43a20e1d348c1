import { counted, leaderboard, renderText, settingKey, type TrialResult } from '@polytask/study';
import { standingsOf, summarizeTables } from '@polytask/study/internal';

/**
 * The leaderboard so far, of the setting whose trial was the last one.
 *
 * @param baseline the model that the others are compared with
 */
export function liveBoard(baseline: string) {
  const trials: TrialResult[] = [];
  let drawn: { readonly of: number; readonly width: number; readonly lines: readonly string[] } | undefined;
  return {
    add: (trial: TrialResult) => void trials.push(trial),
    /**
     * The lines of a terminal: the first columns and the best models that fit. None before two models have a trial.
     *
     * @param height how many lines there may be
     */
    lines(width: number, height: number): readonly string[] {
      if (drawn?.of !== trials.length || drawn.width !== width)
        drawn = { of: trials.length, width, lines: linesOf(trials, baseline, width) };
      const { lines } = drawn;
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
  const trials = all.filter((trial) => settingKey(trial) === settingKey(last));
  const [summary] = summarizeTables(trials, { baseline });
  if (!summary || summary.models.length < 2) return [];
  const table = leaderboard(summary, standingsOf(summary, trials));
  const title = [summary.setting, `${counted(trials.length, 'trial')} so far`].filter((part) => part !== '').join(': ');
  const [, , ...lines] = renderText({ title, blocks: [{ kind: 'table', table }] }, { width }).split('\n');
  return ['', title, ...lines.slice(0, lines.indexOf('')), ''];
}
