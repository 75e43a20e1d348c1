import type { Comparison } from '../comparison/comparison.ts';
import type { Status } from '../comparison/run-state.ts';

const TITLES: Readonly<Record<Status, string>> = {
  ready: 'Ready',
  preparing: 'Loading the engine and the data…',
  running: 'Training',
  paused: 'Paused',
  done: 'Done',
  stopped: 'Stopped',
};

/** How far a comparison is, with its pause and its stop. */
export function RunBar({ comparison }: { readonly comparison: Comparison }) {
  const status = comparison.status.value;
  const { models = [], seeds = [] } = comparison.asked.value ?? {};
  const running = comparison.running.value;
  const search = comparison.search.value;
  const total = models.length * seeds.length;
  const finished = comparison.trials.value.length;
  const partly = running.reduce((sum, { epoch, epochs }) => sum + epoch / epochs, 0);
  const isActive = status === 'running' || status === 'paused';
  const buttons = [
    ...(status === 'running' ? [['Pause', comparison.pause] as const] : []),
    ...(status === 'paused' ? [['Go on', comparison.resume] as const] : []),
    ...(isActive || status === 'preparing' ? [['Stop', comparison.stop] as const] : []),
  ];
  return (
    <section class="run-bar" aria-label="Progress">
      <p role="status">
        <strong>{search ?? TITLES[status]}</strong>
        {total > 0 && ` · ${finished} of ${total} trials`}
      </p>
      {isActive && <progress max={total || 1} value={Math.min(total, finished + partly)} aria-label="Trials" />}
      {isActive && (
        <p class="running">
          {running.map(({ model, seed, epoch, epochs }) => (
            <span key={`${model} ${seed}`}>
              {model}, seed {seed}: epoch {epoch} of {epochs}
            </span>
          ))}
        </p>
      )}
      <div class="buttons">
        {buttons.map(([name, onClick]) => (
          <button key={name} type="button" onClick={onClick}>
            {name}
          </button>
        ))}
      </div>
    </section>
  );
}
