import { fail } from '@polytask/core';

/** Bounds of an option; without any, any finite number will do. */
export interface Bounds {
  /** The least value that is allowed. */
  min?: number;
  /** A value that it must stay below, or be above. */
  below?: number;
  above?: number;
  whole?: boolean;
}

/** Throws a three-part error unless the value is a finite number within the bounds. */
export function requireNumber(name: string, value: unknown, bounds: Bounds, mend: string): asserts value is number {
  const { min = -Infinity, below = Infinity, above = -Infinity, whole = false } = bounds;
  const good =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= min &&
    value < below &&
    value > above &&
    (!whole || Number.isInteger(value));
  if (good) return;
  const words = [
    ...(bounds.min !== undefined ? [`of ${min} or more`] : []),
    ...(bounds.above !== undefined ? [`above ${above}`] : []),
    ...(bounds.below !== undefined ? [`below ${below}`] : []),
  ];
  fail({
    expected: [`${name} to be a ${whole ? 'whole' : 'finite'} number`, words.join(' and ')].filter(Boolean).join(' '),
    received: typeof value === 'number' ? String(value) : JSON.stringify(value) ?? typeof value,
    mend,
  });
}
