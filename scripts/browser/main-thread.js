/** An event of Chromium's trace. @typedef {{ name: string, pid: number, tid: number, tdur?: number, args?: any }} TraceEvent */

/** What the processor takes now to sort 200,000 numbers: some 100 ms, more where other programs fill its caches. */
function yardstick() {
  const numbers = Array.from({ length: 200_000 }, (_, i) => Math.sin(i));
  const start = process.cpuUsage();
  numbers.sort((a, b) => a - b);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * Watches the tasks of a browser's pages from now on, but not those of workers. A task counts with its processor time: its duration
 * would grow with whatever else the machine does. So does processor time, but less; tests compare it with a sort at the same time.
 *
 * @param {import('playwright-core').Browser} browser
 * @returns {Promise<{ longest(): Promise<{ milliseconds: number, sorts: number }> }>} `longest` ends the watch. It gives the processor
 *   time of the longest task, and how many sorts of 200,000 numbers that is, each second of the watch one
 */
export async function watchMainThreads(browser) {
  const session = await browser.newBrowserCDPSession();
  /** @type {TraceEvent[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(.../** @type {any} */ (value)));
  const includedCategories = ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'];
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories } });
  const sorts = [yardstick()];
  const clock = setInterval(() => sorts.push(yardstick()), 1000);
  return {
    async longest() {
      clearInterval(clock);
      const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
      await session.send('Tracing.end');
      await complete;
      await session.detach();
      const place = (/** @type {TraceEvent} */ { pid, tid }) => `${pid} ${tid}`;
      const mains = new Set(
        events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(place),
      );
      const tasks = events.filter((event) => event.name.endsWith('RunTask') && mains.has(place(event)));
      if (tasks.length === 0) throw new Error('Chromium traced no task of a page.');
      const milliseconds = Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
      return { milliseconds, sorts: milliseconds / Math.max(...sorts) };
    },
  };
}
