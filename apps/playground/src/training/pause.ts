/** A gate that can be closed: whoever comes by waits until it is open. */
export interface Pause {
  pause(): void;
  resume(): void;
  /** Resolves at once while nothing is paused. */
  passed(): Promise<void>;
}

/** @example const pause = createPause(); pause.pause(); await pause.passed(); // waits for pause.resume() */
export function createPause(): Pause {
  let opened = Promise.resolve();
  let open = () => {};
  return {
    pause() {
      open();
      opened = new Promise((resolve) => (open = resolve));
    },
    resume: () => open(),
    passed: () => opened,
  };
}
