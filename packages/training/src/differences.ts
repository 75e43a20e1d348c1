/** A difference between two JSON values. */
export interface Difference {
  /** The path with dots, such as `optimizer.beta1`. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/** The first `most` differences between two values, as JSON writes these values. */
export function differences(expected: unknown, received: unknown, most = 5): Difference[] {
  const list: Difference[] = [];
  compare(plain(expected), plain(received), '', list, most);
  return list;
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

function compare(expected: unknown, received: unknown, path: string, list: Difference[], most: number): void {
  if (list.length >= most || expected === received) return;
  if (isObject(expected) && isObject(received) && Array.isArray(expected) === Array.isArray(received)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(received)])) {
      compare(entryOf(expected, key), entryOf(received, key), path === '' ? key : `${path}.${key}`, list, most);
    }
    // the order of keys is the order of columns and logits
    const [own, other] = [Object.keys(expected).join(', '), Object.keys(received).join(', ')];
    if (list.length === 0 && own !== other)
      list.push({ path: path || 'it', expected: `the order ${own}`, received: `the order ${other}` });
    return;
  }
  list.push({ path: path || 'it', expected: short(expected), received: short(received) });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** An entry of the object itself: a document may have keys such as `toString`. */
const entryOf = (object: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const short = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};
