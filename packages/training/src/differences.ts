/** A place where two JSON values differ, in short. */
export interface Difference {
  /** Dotted, such as `optimizer.beta1`. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/** Where two JSON values differ, in their order and at most `most` places. What JSON can't write counts as it writes it. */
export function differences(expected: unknown, received: unknown, most = 5): Difference[] {
  const found: Difference[] = [];
  compare(plain(expected), plain(received), '', found, most);
  return found;
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

function compare(expected: unknown, received: unknown, path: string, found: Difference[], most: number): void {
  if (found.length >= most || expected === received) return;
  if (isObject(expected) && isObject(received) && Array.isArray(expected) === Array.isArray(received)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(received)])) {
      compare(expected[key], received[key], path === '' ? key : `${path}.${key}`, found, most);
    }
    // the order of keys is the order of columns and logits
    const [own, other] = [Object.keys(expected).join(', '), Object.keys(received).join(', ')];
    if (found.length === 0 && own !== other)
      found.push({ path: path || 'it', expected: `the order ${own}`, received: `the order ${other}` });
    return;
  }
  found.push({ path: path || 'it', expected: short(expected), received: short(received) });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const short = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};
