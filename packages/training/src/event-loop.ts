/** Between two turns, milliseconds. */
const INTERVAL = 50;

/**
 * Lets the event loop turn now and then, so that a page stays alive, timers fire and signals arrive while training runs.
 * Call the result often; it waits only when 50 ms have passed since it last did.
 */
export function createYielder(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < INTERVAL) return undefined;
    return turn().then(() => {
      last = performance.now();
    });
  };
}

/** One turn of the event loop, not tied to the screen: background tabs get no animation frames. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
