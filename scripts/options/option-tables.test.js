import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsOfComponent } from '@polytask/bench/internal';
import { aboutOf } from '@polytask/core';
import { expect, test } from 'vitest';
import { ROOT } from '../workspace.js';
import { ownComponents, pagesWithOptions } from './option-tables.js';
import { TEXTS, textsFile } from './option-texts.js';

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

test('lists have the docstrings of all options, and of nothing else', () => {
  const text = textsFile();
  expect(text, REWRITE).toBe(read(TEXTS));
  /** @type {import('./option-texts.js').OptionTexts} */
  const texts = JSON.parse(text);
  const documented = Object.entries(texts).flatMap(([kind, components]) =>
    Object.entries(components).flatMap(([name, texts]) =>
      Object.keys(texts).map((option) => `${kind} ${name}.${option}`),
    ),
  );
  // one that rotates always has gradients of the representation; tables that are trained by rows have no average
  const others = ['balancer rotograd.of', 'optimizer row-wise-adagrad.ema'];
  expect(documented.toSorted()).toEqual([...options.map(({ id }) => id), ...others].toSorted());
  expect(options.length).toBeGreaterThan(250);
});

test('a documented default is that of the definition', () => {
  const stated = options.flatMap(({ id, name, component, default: text }) => {
    const filled = /** @type {Record<string, unknown> | undefined} */ (
      aboutOf(component.kind, component.name).defaults
    );
    const value = filled?.[name];
    return value === undefined || typeof value === 'object' ? [] : [{ id, text, value }];
  });
  expect(stated.length).toBeGreaterThan(30);
  for (const { id, text, value } of stated) {
    const [first = ''] = /^[^\s,:]+/.exec(text ?? '') ?? [];
    expect(typeof value === 'number' ? Number(first) : first.replaceAll('`', ''), id).toBe(
      typeof value === 'number' ? value : String(value),
    );
  }
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
