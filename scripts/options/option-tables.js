import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsOfComponent } from '@polytask/bench';
import { main } from '@polytask/bench/cli';
import { aboutOf, allComponents } from '@polytask/core';
import { ROOT } from '../workspace.js';

/** The components of this repository's packages, without those of checkpoints only, which the command line knows. */
export const ownComponents = () =>
  allComponents().filter((each) => each.package?.startsWith('@polytask/') && each.package !== '@polytask/reference');

/**
 * The pages with their tables of options. A table stands between `<!-- options: expert mlp -->` and `<!-- end of options -->`. Without a
 * name, or with a package's, it has the components of the kind that have no table above it. `<!-- options: command train -->` has the
 * options that `polytask train --help` shows.
 *
 * @returns {Map<string, string>} text by file
 */
export const pagesWithOptions = () =>
  new Map(
    readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => /** @type {const} */ ([`docs/${name}`, readFileSync(join(ROOT, 'docs', name), 'utf8')]))
      .filter(([, text]) => text.includes('<!-- options: '))
      .map(([file, text]) => [file, withTables(text)]),
  );

const BLOCK = /(<!-- options: (\w+) ?([\w@/-]*) -->\n)[^]*?(<!-- end of options -->)/g;

/** @param {string} page */
function withTables(page) {
  const named = new Set([...page.matchAll(BLOCK)].map(([, , kind, name]) => `${kind} ${name}`));
  return page.replace(BLOCK, (_, start, kind, name, end) => {
    if (kind === 'command') return `${start}${HELP_TABLES[name]}${end}`;
    const all = ownComponents().filter((each) => each.kind === kind);
    const one = all.filter((each) => each.name === name);
    const rest = all.filter(
      (each) => !named.has(`${kind} ${each.name}`) && (name === '' || aboutOf(kind, each.name).package === name),
    );
    const table = one.length > 0 ? optionTable(one, false) : optionTable(rest, true);
    return `${start}${table}${end}`;
  });
}

/** The options of a command, one on each line of its help. @param {string} command */
async function helpTable(command) {
  let help = '';
  const stdout = { write: (/** @type {string} */ text) => (help += text), isTTY: true, columns: 10_000 };
  await main([command, '--help'], { stdout, stderr: stdout });
  const rows = Array.from(help.matchAll(/^ {2}(-.*?) {2,}(.*)$/gm), ([, flags, text = '']) =>
    line([`\`${flags}\``, text.replaceAll('*', '\\*')]),
  );
  return ['| option | |', '|---|---|', ...rows].map((each) => `${each}\n`).join('');
}

/** @param {import('@polytask/core').ComponentName[]} components @param {boolean} named whether the first column has the name of the component */
function optionTable(components, named) {
  /** @type {Map<string, string[]>} the components that have a row */
  const rows = new Map();
  for (const component of components) {
    for (const { name, type, required, description, default: value = '' } of optionsOfComponent(component)) {
      const takes = type.replace(/"([^"]*)"/g, '`$1`');
      const row = line([`\`${name}\``, required ? 'required' : value, takes, description]);
      rows.set(row, [...(rows.get(row) ?? []), `\`${component.name}\``]);
    }
  }
  const lines = [...rows].map(([row, names]) => (named ? `| ${names.join(', ')} ${row}` : row));
  const [head, rule] = ['| option | default | takes | |', '|---|---|---|---|'];
  return [named ? `| of ${head}` : head, named ? `|---${rule}` : rule, ...lines].map((each) => `${each}\n`).join('');
}

/** @param {readonly string[]} cells */
const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** @type {Readonly<Record<string, string>>} */
const HELP_TABLES = { train: await helpTable('train') };
