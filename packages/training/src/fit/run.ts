import { recordOf, sum } from '@polytask/components';
import { labelsOf, PolytaskError, type Batch } from '@polytask/core';
import { Diverged, diverged, type StepPosition } from '../diverged.ts';
import { createYielder } from '../event-loop.ts';
import type { Scorer, StepLosses, TrainingStep } from '../engine.ts';
import { measure } from '../evaluation/measure.ts';
import type { TaskScores } from '../evaluation/metric-table.ts';
import { epochBatches } from '../rows/rows.ts';
import { learningRateAt } from '../schedules/schedules.ts';
import { Stopper } from '../stopping/early-stopping.ts';
import { addStep, freshState, meansOf, type RunState } from '../progress/run-state.ts';
import type { CallbackAnswer, FitCallbacks, Plan } from './options.ts';
import { type EpochReport, type StoppedBy, epochText, progressText } from '../progress/reports.ts';
import type { Bar } from '../platform/bar.ts';
import type { RunRecord } from './run-record.ts';
import { WeightKeeper } from './weight-keeper.ts';

interface StartedStep {
  readonly place: StepPosition;
  readonly learningRate: number;
  readonly rows: number;
  /** The weight of each task's loss: the sum of the sample weights. */
  readonly weights: Readonly<Record<string, number>>;
  readonly losses: Promise<StepLosses>;
}

export class Run {
  readonly #yieldToEventLoop = createYielder();
  #record: RunRecord | undefined;
  #state: RunState;
  #stopper: Stopper | undefined;
  readonly #weights: WeightKeeper;
  #lastBatch: Batch | undefined;
  #scorer: Scorer | undefined;
  /** The started steps whose losses have not been read yet. Reading a loss waits for the GPU, so several losses are read at once. */
  #started: StartedStep[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly step: TrainingStep,
  ) {
    this.#weights = new WeightKeeper(plan);
    this.#state = freshState(plan.model.taskNames);
  }

  /** Runs the training, and gives the model the best weights. A model that has diverged gets its last good weights. */
  async all(createBar: () => Bar) {
    try {
      let stopped: StoppedBy;
      try {
        await this.#begin();
        const bar = createBar();
        try {
          stopped = await this.#train(bar);
        } finally {
          bar.stop();
        }
      } finally {
        await this.#scorer?.close();
        await this.step.close(); // copies the weights to the model, also after an error
      }
      const { step, history } = this.#state;
      this.#weights.finish({ step, epoch: history.length, batch: history.at(-1)?.steps ?? 0 }, this.#record?.newest);
      return { stopped, history, steps: step, best: this.#stopper?.state.best };
    } catch (error) {
      throw this.#weights.recovered(error);
    }
  }

  async #begin(): Promise<void> {
    const { stopping, measurement, checkpoint, resume, model } = this.plan;
    for (const table of model.store.tables()) table.watch(undefined); // of a run that failed
    if (checkpoint || resume !== false) {
      const { RunRecord } = await import('./run-record.ts'); // most pages train without checkpoints
      this.#record = new RunRecord(this.plan, this.step);
    }
    const saved = await this.#record?.open();
    if (saved) this.#state = saved.state;
    await this.#weights.begin(saved);
    this.#stopper = stopping && new Stopper(stopping, measurement.metrics, saved?.state.stopper);
  }

  async #train(bar: Bar): Promise<StoppedBy> {
    while (this.#state.epoch <= this.plan.epochs) {
      if (this.#stopper?.exhausted) return 'early';
      if (await this.#epoch(bar)) return 'callback';
    }
    return 'epochs';
  }

  /** Runs the rest of an epoch. Returns true when a callback asked to stop. */
  async #epoch(bar: Bar): Promise<boolean> {
    const started = performance.now() - this.#state.seconds * 1000;
    const secondsNow = () => (performance.now() - started) / 1000;
    let stop = await this.#steps(bar, secondsNow);
    await (this.step.settle?.() ?? this.step.flush());

    const { epoch } = this.#state;
    const giveBack = await this.#weights.average(this.step, this.#state.step);
    try {
      if (await this.#endOfEpoch(bar, secondsNow)) stop = true;
    } finally {
      giveBack();
    }
    const isLast = stop || epoch >= this.plan.epochs || this.#stopper?.exhausted === true;
    if (isLast || this.#record?.isDueAfterEpoch(epoch)) await this.#record?.save(this.#state, this.#weights.best);
    return stop;
  }

  async #endOfEpoch(bar: Bar, secondsNow: () => number): Promise<boolean> {
    const { epoch, batch: steps, step, totals, learningRate, history } = this.#state;
    await this.#weights.check(this.#lastBatch, { epoch, batch: steps, step }, this.#record?.newest);
    const validation = await this.#validate();
    const report: EpochReport = {
      ...{ epoch, ...meansOf(totals), learningRate, steps, seconds: secondsNow() },
      ...(validation && { validation }),
    };
    const isBest = validation && this.#stopper?.update(epoch, validation);
    this.#weights.keep(epoch, isBest === true);
    bar.line(epochText(report, isBest));
    this.#state = {
      ...freshState(this.plan.model.taskNames),
      ...{ epoch: epoch + 1, step, learningRate, stopper: this.#stopper?.state, history: [...history, report] },
    };
    return this.#ask(({ onEpochEnd }) => onEpochEnd?.(report));
  }

  async #ask(call: (callback: FitCallbacks) => CallbackAnswer): Promise<boolean> {
    let stop = false;
    for (const each of this.plan.callbacks) if ((await call(each)) === 'stop') stop = true;
    return stop;
  }

  get #hearsSteps(): boolean {
    return this.plan.callbacks.some(({ onStep }) => onStep !== undefined);
  }

  async #steps(bar: Bar, secondsNow: () => number): Promise<boolean> {
    const { model, train, recipe, signal, epochs, checkEvery = this.step.inFlight } = this.plan;
    const { epoch } = this.#state;
    const batches = epochBatches(train, epoch, this.#state.batch, this.plan.batches, model.taskNames);
    // a batch is assembled while a step runs, and its error is thrown after the step
    const nextBatch = (): ReturnType<typeof batches.next> => {
      const next = batches.next();
      next.catch(() => undefined);
      return next;
    };
    const most = this.#hearsSteps ? 1 : checkEvery;
    const settle = async (): Promise<boolean> => {
      const stop = await this.#settle();
      this.#state = { ...this.#state, seconds: secondsNow() };
      const { losses } = meansOf(this.#state.totals);
      bar.update(this.#state.step, progressText(epoch, epochs, losses, this.#stopper !== undefined));
      return stop;
    };
    let ahead = nextBatch();
    try {
      for (let next = await ahead; !next.done; next = await ahead) {
        signal?.throwIfAborted();
        const batch = next.value;
        if (!this.plan.validation) this.#lastBatch = batch;
        const clock = this.plan.clock(this.#state.step);
        const { optimizer, tableOptimizer = optimizer } = recipe;
        const learningRate = learningRateAt(optimizer.config.learningRate, clock);
        const place = { epoch, batch: this.#state.batch + 1, step: this.#state.step + 1 };
        this.#start(batch, learningRate, learningRateAt(tableOptimizer.config.learningRate, clock), place);
        ahead = nextBatch(); // before waiting for the step
        this.#state = { ...this.#state, batch: place.batch, step: place.step, learningRate };

        const isDue = this.#record?.isDueAfterStep(place.step) === true;
        if (this.#started.length >= most || isDue) {
          const stop = await settle();
          if (isDue) await this.#record?.save(this.#state, this.#weights.best);
          if (stop) return true;
        }
        await this.#yieldToEventLoop();
      }
      return this.#started.length === 0 ? false : await settle();
    } finally {
      await Promise.allSettled(this.#started.map(({ losses }) => losses));
      this.#started = [];
      await batches.return(); // closes the source of a stream
    }
  }

  #start(batch: Batch, learningRate: number, tableLearningRate: number, place: StepPosition): void {
    const losses = this.step.run(batch, learningRate, place.epoch - 1, tableLearningRate);
    losses.catch(() => undefined); // #settle() throws it
    const weights = recordOf(batch.tasks, (task) => sum(labelsOf(batch, task).weights));
    this.#started.push({ place, learningRate, rows: batch.size, weights, losses });
  }

  /** Reads the losses of all started steps in order. Returns whether a callback asked to stop. @throws Diverged */
  async #settle(): Promise<boolean> {
    let { totals } = this.#state;
    let stop = false;
    for (const { place, learningRate, rows, weights, losses: promised } of this.#started) {
      const losses = await promised;
      checkLosses(losses, place, this.#record?.newest);
      totals = addStep(totals, losses, rows, weights);
      if (!this.#hearsSteps) continue;
      const { total: loss, tasks, auxiliary, balancing } = losses;
      const report = { ...place, loss, losses: tasks, auxiliary, learningRate, ...(balancing && { balancing }) };
      if (await this.#ask(({ onStep }) => onStep?.(report))) stop = true;
    }
    this.#started = [];
    this.#state = { ...this.#state, totals };
    return stop;
  }

  async #validate(): Promise<Record<string, TaskScores> | undefined> {
    const { model, validation, measurement, engine } = this.plan;
    if (!validation) return undefined;
    try {
      this.#scorer ??= await engine.score(model);
      return (await measure(this.#scorer, model, validation, measurement)).scores;
    } catch (error) {
      if (!(error instanceof PolytaskError)) throw error;
      const { epoch, step } = this.#state;
      const good = this.#record?.newest ? ` The last good checkpoint is "${this.#record.newest}".` : '';
      const Kind = error instanceof Diverged ? Diverged : PolytaskError;
      throw new Kind(`Validation after epoch ${epoch} (step ${step}): ${error.message}${good}`, { cause: error });
    }
  }
}

function checkLosses({ total, tasks, auxiliary }: StepLosses, place: StepPosition, lastGood: string | undefined): void {
  if (Number.isFinite(total)) return;
  const bad = [...badOf('task', tasks), ...badOf('auxiliary loss', auxiliary)];
  const names = bad.length > 0 ? bad.join(', ') : `the sum over tasks (${total})`;
  diverged(`The loss of ${names} is not finite`, place, lastGood);
}

const badOf = (what: string, values: Readonly<Record<string, number>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => (Number.isFinite(value) ? [] : [`${what} "${name}" (${value})`]));
