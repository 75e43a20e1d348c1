import type { Io } from '../cli/io.ts';

export function capturedIo(terminal: { isTTY?: boolean; columns?: number } = {}) {
  let [out, err] = ['', ''];
  const io: Io = {
    stdout: { write: (text) => (out += text), ...terminal },
    stderr: { write: (text) => (err += text), ...terminal },
  };
  return { io, out: () => out, err: () => err };
}

/** The lines that a terminal shows after a text that draws, wipes, and draws again. */
export function screenOf(text: string): string {
  let lines: string[] = [];
  // eslint-disable-next-line no-control-regex
  for (const [, up, drawn] of text.matchAll(/(?:\u001b\[(\d+)A\u001b\[J)?((?:(?!\u001b\[\d+A)[^])+|$)/g)) {
    if (up !== undefined) lines = lines.slice(0, -Number(up));
    if (drawn !== '') lines.push(...drawn!.replace(/\n$/, '').split('\n'));
  }
  return lines.join('\n');
}
