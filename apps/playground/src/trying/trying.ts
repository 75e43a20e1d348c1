import { batch, computed, signal } from '@preact/signals';
import { type Remote, wrap } from 'comlink';
import type { TrialWorker } from '../training/trial-worker.ts';
import type { TrainedModel } from '../training/worker-pool.ts';
import type { ExampleRows, Value } from './example-rows.ts';
import type { Changes } from './smallest-change.ts';
import type { Answer, Explained, Output } from './tried-model.ts';

/** A model that is open, with the row that it is tried on. */
export interface OpenModel {
  readonly model: TrainedModel;
  readonly examples: ExampleRows;
  readonly outputs: readonly Output[];
  /** The order of the controls, by their indices. */
  readonly order: readonly number[];
}

/** Changes, with their question: the index of the output, and the threshold. */
export interface AskedChanges extends Changes {
  readonly output: number;
  readonly threshold: number;
}

/** Tries a trained model on one row. @param startWorker starts `trial-worker.ts`, at the first model */
export function createTrying(startWorker: () => Worker) {
  const open = signal<OpenModel | undefined>(undefined);
  /** The index of the test row that the row began as, and its values now. */
  const [start, values] = [signal(0), signal<readonly Value[]>([])];
  /** The index of the output whose changes are searched, and the threshold. */
  const [output, threshold] = [signal(0), signal(0.5)];
  /** The answer to the row as it is, and to the test row. */
  const [answer, startAnswer] = [signal<Answer | undefined>(undefined), signal<Answer | undefined>(undefined)];
  const changes = signal<AskedChanges | undefined>(undefined);
  /** Of the row as it is, in the order of the outputs. */
  const explained = signal<readonly Explained[] | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  let remote: Remote<TrialWorker> | undefined;
  let busy = false;
  let explaining: { readonly of?: OpenModel; readonly asked?: readonly Value[] } = {};
  /** Counts what a visitor did. */
  let version = 0;

  /** Answers the latest row, and the rows that come meanwhile, of which the last one counts. Then it searches the changes. */
  const update = async () => {
    version++;
    if (busy || !open.value || !remote) return;
    busy = true;
    try {
      for (let seen = -1; seen !== version;) {
        seen = version;
        const asked = values.value;
        const of: OpenModel = open.value;
        const answered: Answer = await remote.answer(asked);
        if (open.value !== of) continue; // another model came meanwhile
        batch(() => {
          answer.value = answered;
          if (asked === of.examples.rows[start.value]) startAnswer.value = answered;
        });
        if (seen !== version) continue;
        const question = { output: output.value, threshold: threshold.value };
        const searched = await remote.changes({ values: asked, ...question });
        if (seen !== version) continue;
        changes.value = { ...searched, ...question };
        void explain(remote, of, asked);
      }
      problem.value = undefined;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    } finally {
      busy = false;
    }
  };
  /** Takes longer than an answer, and stops when another row comes. */
  const explain = async (worker: Remote<TrialWorker>, of: OpenModel, asked: readonly Value[]) => {
    const isLatest = () => explaining.of === of && explaining.asked === asked;
    if (isLatest()) return;
    explaining = { of, asked };
    try {
      const found = await worker.explain(asked);
      if (isLatest()) explained.value = found;
    } catch (error) {
      if (isLatest()) problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  const startFrom = (row: number) => {
    const rows = open.value!.examples.rows;
    batch(() => {
      start.value = row % rows.length;
      values.value = rows[start.value]!;
      startAnswer.value = undefined;
      changes.value = undefined;
      explained.value = undefined;
    });
    return update();
  };

  return {
    ...{ open, start, values, output, threshold, answer, startAnswer, changes, explained, problem, startFrom },
    /** Whether a value differs from the test row. */
    isChanged: computed(() => values.value !== open.value?.examples.rows[start.value]),
    /** Opens a model. The row stays, if the model reads the same features. */
    async openModel(model: TrainedModel) {
      const { examples, files } = model;
      if (!examples || examples.rows.length === 0 || open.value?.model === model) return;
      try {
        remote ??= wrap<TrialWorker>(startWorker());
        const { outputs, order } = await remote.tryModel(files, examples);
        const isSame = JSON.stringify(open.value?.examples) === JSON.stringify(examples);
        const row = isSame ? start.value : 0;
        const kept = values.value;
        const isKept = isSame && kept !== open.value?.examples.rows[start.value];
        batch(() => {
          if (JSON.stringify(open.value?.outputs) !== JSON.stringify(outputs)) {
            output.value = 0;
            threshold.value = outputs[0]!.threshold;
          }
          open.value = { model, examples, outputs, order };
          answer.value = undefined;
        });
        await startFrom(row);
        if (isKept) {
          values.value = kept;
          await update();
        }
      } catch (error) {
        problem.value = error instanceof Error ? error.message : String(error);
      }
    },
    /** Changes the value of a control. */
    change(index: number, value: Value) {
      values.value = values.value.with(index, value);
      return update();
    },
    /** Chooses the output whose changes are searched. */
    ask(index: number, at = open.value!.outputs[index]!.threshold) {
      batch(() => {
        output.value = index;
        threshold.value = at;
      });
      return update();
    },
  };
}

export type Trying = ReturnType<typeof createTrying>;
