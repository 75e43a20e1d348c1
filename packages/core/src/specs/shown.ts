const LONGEST = 80;

/** A value as an error message shows it: short, and true for what JSON has no words for. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  const json = JSON.stringify(value, (_, each: unknown) => (plainly(each) ? each : shown(each))) as string | undefined;
  const text = json ?? Object.prototype.toString.call(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

const plainly = (value: unknown) => {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'function' && typeof value !== 'bigint' && typeof value !== 'symbol';
};
