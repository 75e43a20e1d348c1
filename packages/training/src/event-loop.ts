/** Milliseconds between two turns of the event loop. */
const INTERVAL = 50;

/** Makes a function that yields to the event loop at most once in 50 ms, so that a page stays responsive, and signals arrive. */
export function createYielder(): () => Promise<void> | undefined {
  let lastTurn = performance.now();
  return () => {
    if (performance.now() - lastTurn < INTERVAL) return undefined;
    return turn().then(() => {
      lastTurn = performance.now();
    });
  };
}

/** One turn of the event loop. Animation frames would not work in a background tab. */
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
