/** An event of Chromium's trace. @typedef {{ name: string, pid: number, tid: number, tdur?: number, args?: any }} TraceEvent */

/**
 * Watches the tasks of a browser's pages from now on, but not those of workers. A task counts with its processor time: its duration
 * would grow with whatever else the machine does.
 *
 * @param {import('playwright-core').Browser} browser
 * @returns {Promise<{ longest(): Promise<number> }>} `longest` ends the watch, and gives the processor time of the longest task in ms
 */
export async function watchMainThreads(browser) {
  const session = await browser.newBrowserCDPSession();
  /** @type {TraceEvent[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(.../** @type {any} */ (value)));
  const includedCategories = ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'];
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories } });
  return {
    async longest() {
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
      return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
    },
  };
}
