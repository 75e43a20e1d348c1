import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { contributionPicture, type TrialResult } from '@polytask/study';
import { Drawn } from '../drawing/drawn.tsx';
import { NetworkDrawing } from '../drawing/network-drawing.tsx';
import type { PageState } from '../page-state.ts';
import type { Control, Value } from '../trying/example-rows.ts';
import type { Change } from '../trying/smallest-change.ts';
import type { Output } from '../trying/tried-model.ts';
import type { AskedChanges, OpenModel, Trying } from '../trying/trying.ts';
import { Select } from './controls.tsx';

/** How many controls stand open, and how many changes are named. */
const FIRST = 8;
const NAMED = 3;

/** The trained models of the first seed, each to try on one row: its predictions, its weights, and what would turn a prediction. */
export function TryPanel({ page }: { readonly page: PageState }) {
  const { comparison, trying } = page;
  const chosen = useSignal('');
  const [seed] = comparison.asked.value?.seeds ?? [];
  const isOver = comparison.status.value === 'done' || comparison.status.value === 'stopped';
  const models = comparison.asked.value?.models ?? [];
  const own = comparison.trials.value
    .filter((each) => each.seed === seed && comparison.modelOf(each)?.examples?.rows.length)
    .sort((a, b) => models.indexOf(a.model) - models.indexOf(b.model));
  const trial = own.find(({ model }) => model === chosen.value) ?? own.at(-1);
  const model = isOver && trial ? comparison.modelOf(trial) : undefined;
  useEffect(() => {
    if (model) void trying.openModel(model);
  }, [model]);
  const open = trying.open.value;
  if (!model || !trial) return null;
  return (
    <section class="try" aria-labelledby="try-title">
      <h2 id="try-title">Try your model</h2>
      <p class="hint">
        One row of the test data, which no model was trained on. Move a slider: the predictions and the weights follow.
      </p>
      <div class="pair">
        <Select
          label="Model"
          options={own.map((each) => each.model)}
          index={own.indexOf(trial)}
          onChange={(index) => (chosen.value = own[index]!.model)}
        />
        {open && <RowButtons trying={trying} open={open} />}
      </div>
      {trying.problem.value && (
        <p class="problems" role="alert">
          {trying.problem.value}
        </p>
      )}
      {open?.model === model ? <Tried {...{ trying, open, trial }} /> : <p class="hint">Opening {trial.model}…</p>}
    </section>
  );
}

const RowButtons = ({ trying, open }: { readonly trying: Trying; readonly open: OpenModel }) => (
  <div class="buttons">
    <button type="button" onClick={() => void trying.startFrom(trying.start.value + 1)}>
      Another row
    </button>
    <button type="button" disabled={!trying.isChanged.value} onClick={() => void trying.startFrom(trying.start.value)}>
      Undo my changes
    </button>
    <span class="hint">
      Row {trying.start.value + 1} of {open.examples.rows.length}
    </span>
  </div>
);

interface TriedProps {
  readonly trying: Trying;
  readonly open: OpenModel;
  readonly trial: TrialResult;
}

function Tried({ trying, open, trial }: TriedProps) {
  const { controls } = open.examples;
  const tasks = [...new Set(open.outputs.map(({ task }) => task))];
  const list = (from: number, to?: number) =>
    open.order
      .slice(from, to)
      .map((i) => (
        <RowControl
          key={controls[i]!.name}
          {...{ control: controls[i]!, value: trying.values.value[i] ?? null }}
          start={open.examples.rows[trying.start.value]![i] ?? null}
          onChange={(value) => void trying.change(i, value)}
        />
      ));
  const fusion = trying.answer.value?.fusion ?? [];
  return (
    <div class="try-columns">
      <Predictions trying={trying} outputs={open.outputs} />
      <div class="try-controls">
        {list(0, FIRST)}
        {controls.length > FIRST && (
          <details>
            <summary>{controls.length - FIRST} more features, which move less</summary>
            {list(FIRST)}
          </details>
        )}
      </div>
      <div class="try-answer">
        <WhatChanges trying={trying} outputs={open.outputs} controls={controls} />
        <Why trying={trying} outputs={open.outputs} />
        {fusion.length > 0 && (
          <figure>
            <NetworkDrawing model={trial.model} levels={fusion} tasks={tasks} />
            <figcaption>
              For this row: an edge is as thick as the weight of an expert. Point at one to read it.
            </figcaption>
          </figure>
        )}
      </div>
    </div>
  );
}

/** The contributions of the features to the chosen output, as bars. */
function Why({ trying, outputs }: { readonly trying: Trying; readonly outputs: readonly Output[] }) {
  const at = trying.output.value;
  const explained = trying.explained.value?.[at];
  if (!explained) return null;
  const caption = `Why ${nameOf(outputs[at]!)} is ${scoreText(outputs[at]!, explained.prediction)}`;
  return (
    <figure>
      <Drawn markup={contributionPicture(caption, explained.scale, explained).drawing} />
      <figcaption>
        {caption}: what each feature adds, compared with the other test rows. All bars and the mean of those rows add up
        to the prediction.
      </figcaption>
    </figure>
  );
}

interface RowControlProps {
  readonly control: Control;
  readonly value: Value;
  readonly start: Value;
  readonly onChange: (value: Value) => void;
}

/** A slider or a list for one feature. A bold value differs from the test row. */
function RowControl({ control, value, start, onChange }: RowControlProps) {
  const id = `try-${control.name}`;
  const text = shown(value);
  const output = (
    <output for={id} class={value === start ? '' : 'changed'}>
      {text}
    </output>
  );
  if (control.kind === 'number') {
    const { least, most, step } = control;
    const at = typeof value === 'number' ? value : (least + most) / 2;
    return (
      <div class="slider">
        <label for={id}>{control.name}</label>
        {output}
        <input
          {...{ id, type: 'range', step: 'any', value: at, min: Math.min(least, at), max: Math.max(most, at) }}
          aria-valuetext={text}
          onInput={({ currentTarget }) => {
            const raw = Number(currentTarget.value);
            onChange(Number((least + Math.round((raw - least) / step) * step).toPrecision(12)));
          }}
          onKeyDown={(event) => {
            const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
            if (by === undefined) return; // the browser's own step would be a hundredth of the range
            event.preventDefault();
            const next = least + Math.round((at - least) / step + by) * step;
            onChange(Number(Math.min(most, Math.max(least, next)).toPrecision(12)));
          }}
        />
      </div>
    );
  }
  const choices =
    value === null || control.choices.includes(String(value)) ? control.choices : [...control.choices, String(value)];
  return (
    <div class="choice">
      <label for={id}>{control.name}</label>
      <select
        id={id}
        class={value === start ? '' : 'changed'}
        value={value === null ? '' : String(value)}
        onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? null : currentTarget.value)}
      >
        <option value="">missing</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The prediction of each output, with a mark where the test row was. A click chooses the output whose changes are searched. */
function Predictions({ trying, outputs }: { readonly trying: Trying; readonly outputs: readonly Output[] }) {
  const [now, before] = [trying.answer.value, trying.startAnswer.value];
  return (
    <ul class="predictions" aria-live="polite">
      {outputs.map((output, i) => {
        const [score, start] = [now?.scores[i], before?.scores[i]];
        return (
          <li key={nameOf(output)}>
            <span>{nameOf(output)}</span>
            <strong>{score === undefined ? '…' : scoreText(output, score)}</strong>
            {output.isProbability && (
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${100 * (score ?? 0)}%` }} />
                {start !== undefined && <i style={{ left: `${100 * start}%` }} />}
              </span>
            )}
            {start !== undefined && score !== start && (
              <span class="hint">the test row: {scoreText(output, start)}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface WhatChangesProps {
  readonly trying: Trying;
  readonly outputs: readonly Output[];
  readonly controls: readonly Control[];
}

/** The smallest single changes that turn a prediction, with buttons that make them. */
function WhatChanges({ trying, outputs, controls }: WhatChangesProps) {
  const output = outputs[trying.output.value]!;
  const changes = trying.changes.value;
  const threshold = trying.threshold.value;
  const unit = output.isProbability ? 100 : 1;
  return (
    <section class="what-changes" aria-labelledby="what-changes-title">
      <h3 id="what-changes-title">What would have to change?</h3>
      <div class="pair">
        {outputs.length > 1 && (
          <Select
            label="To turn"
            options={outputs.map(nameOf)}
            index={trying.output.value}
            onChange={(index) => void trying.ask(index)}
          />
        )}
        <label>
          Threshold{' '}
          <input
            type="number"
            step="any"
            value={Number((threshold * unit).toPrecision(6))}
            onInput={({ currentTarget }) => {
              if (currentTarget.value !== '') void trying.ask(trying.output.value, Number(currentTarget.value) / unit);
            }}
          />
          {output.isProbability && ' %'}
        </label>
      </div>
      {changes && <Answers {...{ trying, outputs, changes, controls }} />}
      <p class="hint">
        This is the answer of the model, not a cause: changing the feature in the world may change nothing.
      </p>
    </section>
  );
}

interface AnswersProps extends WhatChangesProps {
  readonly changes: AskedChanges;
}

/** The answer to the last question that was answered: a later one may be on its way. */
function Answers({ trying, outputs, changes, controls }: AnswersProps) {
  const { now, over, strongest, threshold } = changes;
  const output = outputs[changes.output]!;
  const side = now >= threshold ? 'below' : 'to or over';
  const goal = `${nameOf(output)} ${side} ${scoreText(output, threshold)}`;
  const named = over.length > 0 ? over.slice(0, NAMED) : strongest ? [strongest] : [];
  return (
    <>
      <p>
        {over.length > 0
          ? `The smallest single change that brings ${goal}:`
          : strongest
            ? `No single change brings ${goal}. This one moves it most:`
            : `No single change moves it towards that.`}
      </p>
      <ol class="changes">
        {named.map((change) => (
          <li key={change.feature}>
            <button
              type="button"
              onClick={() =>
                void trying.change(
                  controls.findIndex(({ name }) => name === change.feature),
                  change.to,
                )
              }
            >
              {change.feature}: {shown(change.from)} → {shown(change.to)}
            </button>{' '}
            <span class="hint">
              gives {scoreText(output, change.score, 2)}
              {sizeOf(change)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

const sizeOf = ({ from, to, distance }: Change): string =>
  typeof from === 'number' && typeof to === 'number'
    ? `, ${Math.max(1, Math.round(100 * distance))}% of its range`
    : '';

const nameOf = ({ task, name }: Output): string => (name === undefined ? task : `${task}: ${name}`);

const shown = (value: Value): string =>
  value === null ? 'missing' : typeof value === 'number' ? String(Number(value.toPrecision(6))) : value;

const scoreText = ({ isProbability }: Output, score: number, decimals = 1): string => {
  if (!isProbability) return String(Number(score.toPrecision(4)));
  return score > 0 && score < 0.0005 ? '< 0.1%' : `${(100 * score).toFixed(decimals)}%`;
};
