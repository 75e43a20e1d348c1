import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsOfComponent } from '@polytask/bench';
import { aboutOf, allComponents } from '@polytask/core';
import { ROOT } from '../workspace.js';

/** @typedef {import('@polytask/core').ComponentName & { package?: string }} Component */

/** The pages with tables of options. */
const PAGES = ['adatt', 'balancing', 'baselines', 'experts', 'features', 'gating', 'losses', 'optimizers', 'tasks'];

/** The components of this repository's packages. @returns {Component[]} */
export const ownComponents = () => allComponents().filter((each) => each.package?.startsWith('@polytask/'));

/**
 * The pages with their tables of options. A table stands between `<!-- options: expert mlp -->` and `<!-- end of options -->`. Without a
 * name, or with a package's, it has the components of the kind that have no table above it.
 *
 * @returns {Map<string, string>} text by file
 */
export const pagesWithOptions = () =>
  new Map(PAGES.map((name) => [`docs/${name}.md`, withTables(readFileSync(join(ROOT, `docs/${name}.md`), 'utf8'))]));

const BLOCK = /(<!-- options: (\w+) ?([\w@/-]*) -->\n)[^]*?(<!-- end of options -->)/g;

/** @param {string} page */
export function withTables(page) {
  const named = new Set([...page.matchAll(BLOCK)].map(([, , kind, name]) => `${kind} ${name}`));
  return page.replace(BLOCK, (_, start, kind, name, end) => {
    const all = ownComponents().filter((each) => each.kind === kind);
    const one = all.filter((each) => each.name === name);
    const rest = all.filter(
      (each) => !named.has(`${kind} ${each.name}`) && (name === '' || aboutOf(kind, each.name).package === name),
    );
    const table = one.length > 0 ? optionTable(one, false) : optionTable(rest, true);
    return `${start}${table}${end}`;
  });
}

/** @param {Component[]} components @param {boolean} named whether the first column has the name of the component */
function optionTable(components, named) {
  const rows = components.flatMap((component) =>
    optionsOfComponent(component).map(({ name, type, required, description, default: value = '' }) => [
      ...(named ? [`\`${component.name}\``] : []),
      `\`${name}\``,
      required ? 'required' : value,
      type.replace(/"([^"]*)"/g, '`$1`'),
      description,
    ]),
  );
  const head = [...(named ? [components[0]?.kind ?? ''] : []), 'option', 'default', 'takes', ''];
  return [head, head.map(() => '---'), ...rows].map((cells) => `${line(cells)}\n`).join('');
}

/** @param {readonly string[]} cells */
const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
