import { printableLine } from '@polytask/components/internal';
import { brokenName } from '@polytask/study/internal';
import { linesAbove, type Output, widthOf } from './io.ts';

/** The shortest time between two drawings, in seconds. */
const PAUSE = 0.1;

/** The height of a terminal that doesn't know it. */
const USUAL_HEIGHT = 24;

/**
 * The last lines of a terminal, which are redrawn in place. Elsewhere, they are never written.
 *
 * @param now the time in seconds
 */
export function liveLines(out: Output, now: () => number = () => performance.now() / 1000) {
  let [height, drawn, isOver] = [0, -Infinity, false];
  let lines: readonly string[] = [];
  const most = () => Math.max(1, (out.rows || USUAL_HEIGHT) - 1);
  const draw = (above = '') => {
    const shown = lines.slice(-most());
    const before = linesAbove(height);
    [height, drawn] = [shown.length, now()];
    if (before + above + shown.join('') !== '')
      out.write(`${before}${above}${shown.map((line) => `${line}\n`).join('')}`);
  };
  return {
    /** How many lines fit. */
    height: most,
    /**
     * Shows lines in place of the last ones, cut to the terminal.
     *
     * @param when `soon`: at the next drawing, if the last one was a moment ago; `later`: at the next drawing
     */
    show(next: readonly string[], when: 'now' | 'soon' | 'later') {
      if (!out.isTTY || isOver) return;
      const width = widthOf(out);
      lines = next.map((line) => brokenName(printableLine(line), width)[0]!);
      if (when === 'now' || (when === 'soon' && now() - drawn >= PAUSE)) draw();
    },
    /** Writes a text above the lines, where it stays. */
    above: (text: string) => draw(`${text}\n`),
    /** Removes the lines. */
    end() {
      [lines, isOver] = [[], true];
      draw();
    },
  };
}
