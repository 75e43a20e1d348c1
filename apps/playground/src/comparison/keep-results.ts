import { effect, type ReadonlySignal, type Signal } from '@preact/signals';
import { settingKey } from '@polytask/study';
import type { KeptFile } from '../keeping/kept-data.ts';
import type { Keeper } from '../keeping/keeper.ts';
import { remember } from '../keeping/tab-memory.ts';
import type { ResultOrigin } from '../page-state.ts';
import type { Comparison } from './comparison.ts';

export interface KeepResultsOptions {
  readonly comparison: Comparison;
  readonly keeper: Keeper;
  readonly origin: Signal<ResultOrigin | undefined>;
  readonly file: ReadonlySignal<KeptFile | undefined>;
}

/** Keeps the comparison of the page and its state from now on, and asks before a training is left. */
export function keepResults({ comparison, keeper, origin, file }: KeepResultsOptions): void {
  const { status, asked, trials } = comparison;
  const isActive = () => status.value === 'preparing' || status.value === 'running' || status.value === 'paused';

  effect(() => remember({ comparison: origin.value?.id, isRunning: isActive(), file: file.value }));

  effect(() => {
    const { id, setup, file: own, program } = origin.value ?? {};
    if (id === undefined || !setup || !asked.value || status.value === 'preparing') return;
    const [first] = trials.value;
    const isDone = status.value === 'done';
    if (isDone) keeper.keepTrials(trials.value);
    const setting = first && settingKey(first);
    const kept = { id, setup, file: own, program: program!, setting, asked: asked.value, isDone };
    void keeper.keep({ ...kept, at: Date.now(), finished: trials.value.length }, own ? [own.key] : []);
  });

  effect(() => {
    if (!isActive()) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  });
}
