/** Runs a task for each item, in their order, as many at once as there are places; the first that throws ends it. */
export async function atPlaces<T>(
  items: readonly T[],
  places: number,
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const rest = items.entries();
  const place = async () => {
    for (const [i, item] of rest) await task(item, i);
  };
  await Promise.all(Array.from({ length: places }, place));
}
