import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsOfComponent } from '@polytask/bench';
import { expect, test } from 'vitest';
import { ROOT } from '../workspace.js';
import { ownComponents, pagesWithOptions } from './option-tables.js';

/** @param {string} file */
const read = (file) => readFileSync(join(ROOT, file), 'utf8');

const REWRITE = 'Run npm run write-options.';
const options = ownComponents().flatMap((component) =>
  optionsOfComponent(component).map((option) => ({
    ...option,
    component,
    id: `${component.kind} ${component.name}.${option.name}`,
  })),
);

test('each option has a docstring', () => {
  expect(options.filter(({ description }) => description === '').map(({ id }) => id)).toEqual([]);
  expect(options.length).toBeGreaterThan(250);
});

test.each([...pagesWithOptions()])('%s has the options of the definitions', (file, text) => {
  expect(text, REWRITE).toBe(read(file));
});

test('the pages have a row for each option', () => {
  const rows = [...pagesWithOptions().values()].join('\n').split('\n');
  const missing = options.filter(({ name, description }) => {
    const cell = `| \`${name}\` |`;
    return !rows.some((row) => row.includes(cell) && row.includes(description.replaceAll('|', '\\|')));
  });
  expect(missing.map(({ id }) => id)).toEqual([]);
});
