import type { Io } from '../cli/io.ts';

/** Streams that keep their text. */
export function capturedIo(terminal: { isTTY?: boolean; columns?: number } = {}): {
  io: Io;
  out: () => string;
  err: () => string;
} {
  let [out, err] = ['', ''];
  return {
    io: {
      stdout: { write: (text) => (out += text), ...terminal },
      stderr: { write: (text) => (err += text), ...terminal },
    },
    out: () => out,
    err: () => err,
  };
}
