import {
  answerBlocks,
  blocksMarkup,
  digitsBlocks,
  standingsOf,
  type Summary,
  tablePictures,
  tradeOffsDocument,
  summarizeTradeOffs,
  type TrialResult,
  type WeightedSuite,
} from '@polytask/study';
import { useMemo } from 'preact/hooks';
import type { Asked } from '../comparison/run-state.ts';
import { Drawn } from '../drawing/drawn.tsx';
import { DifferenceTable } from './difference-table.tsx';
import { SeedsPanel } from './seeds-panel.tsx';

export interface VerdictPanelProps {
  readonly summary: Summary;
  /** The trials of the summary. */
  readonly trials: readonly TrialResult[];
  readonly asked: Asked;
  /** The models at several weights of a task. Undefined without a trade-off. */
  readonly weighted: WeightedSuite | undefined;
  readonly isDone: boolean;
}

/** The trade-offs, where tasks were weighed; the top of the report: advice, the answer, the leaderboard and the differences; then all values behind it. */
export function VerdictPanel({ summary, trials, asked, weighted, isDone }: VerdictPanelProps) {
  const markup = useMemo(() => {
    const standings = standingsOf(summary, trials);
    const { gains } = tablePictures({ ...summary, models: standings.map((each) => each.summary) }, []);
    const pictures = gains.map((picture) => ({ kind: 'picture', picture }) as const);
    const blocks = [
      weighted && summary.seeds.length > 1 && tradeOffsDocument(summarizeTradeOffs(weighted, trials)).blocks,
      answerBlocks(summary, trials, standings),
      pictures,
      digitsBlocks(summary, 'detail'),
    ];
    return blocksMarkup(blocks, 3);
  }, [summary, trials, weighted]);
  return (
    <section class="verdict document" aria-labelledby="verdict-title">
      <h2 id="verdict-title">{isDone ? 'Verdict' : 'So far'}</h2>
      <div aria-live="polite">
        {markup.map((each, i) => (
          <Drawn key={i} markup={each} />
        ))}
      </div>
      {summary.models.length > 1 && summary.seeds.length > 1 && (
        <details>
          <summary>All differences</summary>
          <DifferenceTable summary={summary} />
        </details>
      )}
      {summary.models.length > 1 && <SeedsPanel summary={summary} trials={trials} colored={asked.models} />}
    </section>
  );
}
