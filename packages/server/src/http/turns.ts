/** After so many milliseconds of work, the event loop answers others first. */
const TURN_MS = 10;
/** Rows that are encoded or written in one piece: some milliseconds, also with hundreds of columns. */
const SLICE_ROWS = 256;

/** Work of all requests of this process, the oldest first: they share one event loop. */
const waiting: (() => void)[] = [];

/** Does a piece of work when its turn comes. Between turns, the event loop answers other requests. */
export function inTurn<R>(work: () => R): Promise<R> {
  return new Promise((resolve, reject) => {
    const piece = () => {
      try {
        resolve(work());
      } catch (error) {
        reject(error as Error);
      }
    };
    if (waiting.push(piece) === 1) setImmediate(takeTurn);
  });
}

function takeTurn(): void {
  const end = performance.now() + TURN_MS;
  let done = 0;
  do waiting[done++]!();
  while (done < waiting.length && performance.now() < end);
  waiting.splice(0, done);
  if (waiting.length > 0) setImmediate(takeTurn);
}

/** Works on rows `from` … `to` − 1 in turns, a slice of the rows in each. @returns the results by slice */
export async function inSlices<R>(rows: number, work: (from: number, to: number) => R): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < rows; from += SLICE_ROWS) {
    results.push(await inTurn(() => work(from, Math.min(rows, from + SLICE_ROWS))));
  }
  return results;
}
