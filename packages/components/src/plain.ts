import { fail, shown } from './errors.ts';

/**
 * Copies a configuration of plain JSON. A saved model then equals its declaration, and later changes of the original have
 * no effect. Members that are undefined are left out.
 *
 * @param where the name of the value in error messages
 * @throws PolytaskError on a function, NaN, infinity, a typed array or any other object that JSON would change silently
 */
export function plainCopy<T>(value: T, where: string): T {
  return copy(value, where) as T;
}

function copy(value: unknown, where: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((entry, i) => copy(entry, `${where}[${i}]`));
  if (isPlain(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, copy(member, `${where}.${name}`)]));
  }
  return fail({
    expected: `plain JSON for ${where}, because it is saved with the model`,
    received: typeof value === 'object' && value !== null ? `a ${value.constructor.name}` : shown(value),
    fix: 'Pass plain JSON: a name in place of a function.',
  });
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
