import { computed, signal } from '@preact/signals';
import { proxy, wrap } from 'comlink';
import type { PlaneModel } from './plane-models.ts';
import { accuracyOf, type PlaneSettings, samplePlane, TASKS, trueMap } from './plane-tasks.ts';
import type { PlaneWorker } from './plane-worker.ts';
import type { PlaneFrame } from './train-plane.ts';

export type PlaneStatus = 'ready' | 'loading' | 'training' | 'done' | 'failed';

/** The settings, the points and the models of a view, and its training in a worker. */
export function createPlaneState(first: PlaneSettings, models: readonly PlaneModel[], epochs = 100) {
  const settings = signal(first);
  const status = signal<PlaneStatus>('ready');
  const frames = signal<Partial<Record<PlaneModel, PlaneFrame>>>({});
  const points = computed(() => samplePlane(settings.value));
  const truths = computed(() => TASKS.map((_, task) => trueMap(task, settings.value)));
  /** The share of each task's map that each model has right now. */
  const accuracies = computed(() =>
    Object.fromEntries(
      Object.values(frames.value).map(({ model, maps }) => [
        model,
        maps.map((map, task) => accuracyOf(map, truths.value[task]!)),
      ]),
    ),
  );
  let worker: Worker | undefined;
  let run = 0;

  /** Ends a training, and forgets the models. */
  const stop = () => {
    run++;
    status.value = 'ready';
    frames.value = {};
  };
  return {
    ...{ models, epochs, settings, status, frames, points, truths, accuracies, stop },
    change(changes: Partial<PlaneSettings>) {
      stop();
      settings.value = { ...settings.value, ...changes };
    },
    async train() {
      stop();
      const current = run;
      status.value = 'loading';
      worker ??= new Worker(new URL('./plane-worker.ts', import.meta.url), { type: 'module' });
      const failed = new Promise<never>((_, reject) => {
        worker!.onerror = ({ message }) => reject(new Error(message || 'The worker did not start.'));
      });
      const onFrame = async (frame: PlaneFrame) => {
        if (run !== current) return 'stop' as const;
        status.value = 'training';
        frames.value = { ...frames.value, [frame.model]: frame };
      };
      try {
        const training = { settings: settings.value, models, epochs };
        await Promise.race([wrap<PlaneWorker>(worker).train(training, proxy(onFrame)), failed]);
        if (run === current) status.value = 'done';
      } catch {
        worker = undefined;
        if (run === current) status.value = 'failed';
      }
    },
    close() {
      run++;
      worker?.terminate();
      worker = undefined;
    },
  };
}

export type PlaneState = ReturnType<typeof createPlaneState>;
