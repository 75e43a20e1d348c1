import { expect, test } from 'vitest';
import { inNotebook } from './notebook.ts';

const DISPLAY = Symbol.for('Jupyter.display');

test('an object shows itself, and is the same data as before', () => {
  const value = inNotebook({ rows: 3 }, ({ rows }) => ({ html: `<b>${rows}</b>`, text: `${rows} rows` }));
  expect((value as unknown as Record<symbol, () => unknown>)[DISPLAY]!()).toEqual({
    'text/html': '<b>3</b>',
    'text/plain': '3 rows',
  });
  expect(value).toStrictEqual({ rows: 3 });
  expect(JSON.stringify(value)).toBe('{"rows":3}');
  expect(structuredClone(value)).toStrictEqual({ rows: 3 });
});

test('another view replaces the first one: a value may be shown in another way, and a module may be loaded twice', () => {
  const first = inNotebook({ rows: 3 }, () => ({ html: 'a', text: 'a' }));
  const again = inNotebook(first, () => ({ html: 'b', text: 'b' }));
  expect((again as unknown as Record<symbol, () => unknown>)[DISPLAY]!()).toEqual({
    'text/html': 'b',
    'text/plain': 'b',
  });
});
