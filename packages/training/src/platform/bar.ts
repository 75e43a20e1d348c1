export interface Bar {
  update(done: number, text: string): void;
  line(text: string): void;
  stop(): void;
}

/** `auto` shows a bar when stderr is a terminal. `true` always shows a bar, in Node. */
export type ProgressChoice = 'auto' | boolean;

export const SILENT: Bar = { update() {}, line() {}, stop() {} };

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const WIDTH = 24;
const CLEAR = '\r\u001b[K';
/** Milliseconds between two pictures of a bar. In a file, each is a line. */
const INTERVAL = { terminal: 100, file: 5000 };

/** `████░░░░ 25% · epoch 2/10 · 1:05 left`. It draws while it is updated: training may keep timers from running. @param now milliseconds */
export function progressBar(total: number, stream: Terminal, now = () => performance.now()): Bar {
  const start = now();
  let [done, text] = [0, ''];
  let drawn = -Infinity;
  const draw = () => {
    drawn = now();
    const line = barText(done, total, text, (drawn - start) / 1000);
    stream.write(stream.isTTY ? CLEAR + line.slice(0, Math.max(WIDTH, (stream.columns ?? 80) - 1)) : `${line}\n`);
  };
  if (stream.isTTY) draw();
  else drawn = start;
  return {
    update(newDone, newText) {
      [done, text] = [newDone, newText];
      if (now() - drawn >= (stream.isTTY ? INTERVAL.terminal : INTERVAL.file)) draw();
    },
    line(above) {
      stream.write(`${stream.isTTY ? CLEAR : ''}${above}\n`);
      if (stream.isTTY) draw();
    },
    stop() {
      draw();
      if (stream.isTTY) stream.write('\n');
    },
  };
}

function barText(done: number, total: number, text: string, seconds: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const full = Math.round(share * WIDTH);
  const left = share > 0 ? [`${clock((seconds / share) * (1 - share))} left`] : [];
  const percent = `${Math.floor(100 * share)}%`;
  return [`${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${percent}`, ...(text ? [text] : []), ...left].join(' · ');
}

/** `0:09`, `12:05`, `1:02:05` */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const parts = hours > 0 ? [String(hours), String(minutes).padStart(2, '0')] : [String(minutes)];
  return [...parts, String(whole % 60).padStart(2, '0')].join(':');
}
