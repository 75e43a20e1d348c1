/** Milliseconds of one call, over many. */
export interface Times {
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly runs: number;
}

const WARM_UP = 3;
const FEWEST = 8;

/** Calls a function three times, then for so many seconds, eight times at least, and gives the spread of its times. */
export async function measure(call: () => Promise<unknown>, seconds: number): Promise<Times> {
  for (let i = 0; i < WARM_UP; i++) await call();
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until || times.length < FEWEST) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Number(times[Math.floor(share * times.length)]!.toFixed(3));
  return { p10: at(0.1), median: at(0.5), p90: at(0.9), runs: times.length };
}
