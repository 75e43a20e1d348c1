import {
  type Advice,
  type Column,
  type DifferenceRow,
  formatCount,
  formatDifference,
  formatInterval,
  mainColumns,
  metricFormat,
  type ModelSummary,
  type Summary,
  type TrialResult,
  verdict,
  viewData,
} from '@polytask/study';
import { useMemo } from 'preact/hooks';
import type { Asked } from '../comparison/run-state.ts';
import { modelColor } from '../drawing/colors.ts';
import { domainOf, IntervalPlot } from '../drawing/interval-plot.tsx';
import { DifferenceTable } from './difference-table.tsx';
import { SeedsPanel } from './seeds-panel.tsx';

/** What the page advises where the command line names its options. */
const ADVICE: Advice = {
  moreModels: 'Choose two models or more.',
  moreSeeds: 'Take 5 seeds or more.',
  moreEpochs: 'take more epochs',
  addBaseline: 'choose it, too',
};

export interface VerdictPanelProps {
  readonly summary: Summary;
  /** The trials of the summary. */
  readonly trials: readonly TrialResult[];
  readonly asked: Asked;
  readonly isDone: boolean;
}

/** The answer in sentences, the table of scores and differences, and all values behind it. */
export function VerdictPanel({ summary, trials, asked, isDone }: VerdictPanelProps) {
  const { models, columns, baseline } = summary;
  const data = useMemo(() => viewData(summary, trials), [summary, trials]);
  const rows = data.differences;
  return (
    <section class="verdict" aria-labelledby="verdict-title">
      <h2 id="verdict-title">{isDone ? 'Verdict' : 'So far'}</h2>
      <div class="answer" aria-live="polite">
        {verdict(summary, ADVICE).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Scores and differences">
        <table class="scores">
          <thead>
            <tr>
              <th scope="col">model</th>
              {mainColumns(columns).map(({ task, metric }) => (
                <th key={task} scope="col">
                  {task}{' '}
                  <span class="metric">
                    {metricFormat(metric).label}, and minus {baseline}
                  </span>
                </th>
              ))}
              <th scope="col" class="number">
                parameters
              </th>
              <th scope="col" class="number">
                seeds
              </th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <ScoreRow
                key={model.model}
                {...{ model, rows, summary, color: modelColor(asked.models.indexOf(model.model)) }}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p class="hint">
        Points are means over paired seeds, lines are 95% t intervals. Green is better and red is worse than {baseline}{' '}
        after Holm's correction; gray is not told apart.
      </p>
      {rows.length > 0 && (
        <details>
          <summary>All differences</summary>
          <DifferenceTable data={data} />
        </details>
      )}
      {models.length > 1 && <SeedsPanel data={data} colored={asked.models} />}
    </section>
  );
}

interface ScoreRowProps {
  readonly model: ModelSummary;
  readonly rows: readonly DifferenceRow[];
  readonly summary: Summary;
  readonly color: string;
}

function ScoreRow({ model: { model, metrics, parameters, seeds }, rows, summary, color }: ScoreRowProps) {
  return (
    <tr>
      <th scope="row">
        <span class="swatch" style={{ backgroundColor: color }} />
        {model}
      </th>
      {mainColumns(summary.columns).map((column) => (
        <ScoreCell key={column.task} {...{ column, model, rows }} score={metrics[column.task]![column.metric]!} />
      ))}
      <td class="number">{formatCount(parameters)}</td>
      <td class="number">{seeds.length}</td>
    </tr>
  );
}

interface ScoreCellProps {
  readonly column: Column;
  readonly model: string;
  readonly rows: readonly DifferenceRow[];
  readonly score: Parameters<typeof formatInterval>[0];
}

function ScoreCell({ column: { task, metric }, model, rows, score }: ScoreCellProps) {
  const { digits } = metricFormat(metric);
  const own = rows.find((row) => row.model === model && row.task === task && row.metric === metric);
  const comparable = rows.filter((row) => row.metric === metric);
  return (
    <td class="score">
      <span>{formatInterval(score, digits)}</span>
      {own && (
        <span class={`difference ${own.verdict.replace(' ', '-')}`}>
          <IntervalPlot
            {...own}
            domain={domainOf(comparable)}
            label={`${model} on ${task}: ${formatDifference(own, digits)}, ${own.verdict}`}
          />
          {formatDifference(own, digits)}
        </span>
      )}
    </td>
  );
}
