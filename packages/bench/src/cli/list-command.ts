import { findEntry, specText } from '@polytask/components';
import { Command } from 'commander';
import pc from 'picocolors';
import { variantsOf } from '@polytask/core';
import { catalog, type CatalogItem, type CatalogEntry } from '../catalog.ts';
import {
  type ComponentOption,
  componentNamed,
  exampleOf,
  optionsOfComponent,
  schemaOfComponent,
} from '../options/component-options.ts';
import { hasColors, type Invocation, writeFound } from './io.ts';
import { jsonOption } from './shared-options.ts';
import { row } from './arguments.ts';

const KINDS = catalog.map(({ name }) => name).join(', ');

/** `polytask list models|experts|…` lists the rows of a table; with a name, one row and its options. */
export const command = ({ stdout }: Invocation): Command =>
  new Command('list')
    .argument('<what>', KINDS, row(catalog, 'list'))
    .argument('[name]', 'one of them, with its options')
    .addOption(
      jsonOption(
        '[{ name, description, paper?, also? }]; with a name { name, description, paper?, also?, options, schema }',
      ),
    )
    .action((what: CatalogEntry, name: string | undefined, { json }: { json?: boolean }) => {
      const entries = what.entries();
      if (name !== undefined) {
        const item = findEntry(entries, name, what.kind ?? what.name);
        const component = what.kind && componentNamed(what.kind, item.name);
        const found = component === undefined ? undefined : { kind: what.kind!, name: component };
        const options = found ? optionsOfComponent(found) : [];
        const text = () =>
          plain([item], hasColors(stdout)) +
          optionLines(options, hasColors(stdout)) +
          exampleLine(what, item.name, component);
        return writeFound(
          { stdout },
          json,
          { ...item, options, ...(found && { schema: schemaOfComponent(found) }) },
          text,
        );
      }
      writeFound({ stdout }, json, entries, () => plain(entries, hasColors(stdout)));
    });

function plain(entries: readonly CatalogItem[], colors: boolean): string {
  const { bold, dim } = pc.createColors(colors);
  const width = Math.max(...entries.map(({ name }) => name.length));
  return entries
    .map(
      ({ name, description, paper, also }) =>
        `${bold(name.padEnd(width))}  ${description}${also ? `; also ${also.join(', ')}` : ''}` +
        `${paper === undefined ? '' : dim(` (${paper})`)}\n`,
    )
    .join('');
}

function optionLines(options: readonly ComponentOption[], colors: boolean): string {
  const { bold, dim } = pc.createColors(colors);
  return options
    .map(({ name, type, required, description, default: value }) => {
      const state = required ? 'required' : value === undefined ? undefined : `default ${value}`;
      return `\n  ${bold(name)}  ${[type, state].filter((each) => each !== undefined).join('; ')}\n    ${dim(description)}\n`;
    })
    .join('');
}

/** The option of the command line that takes the component, with one of its options. */
function exampleLine({ kind, flag }: CatalogEntry, name: string, component: string | undefined): string {
  if (flag === undefined || component === undefined) return '';
  // the list of models has only what a comparison takes; others have what is taken in programs alone, too
  const isTaken = kind === 'network' || variantsOf(kind!).some((variant) => variant.name === name.split('@')[0]);
  const example = isTaken && exampleOf({ kind: kind!, name: component });
  return example ? `\nOn the command line: ${flag} '${specText(name, example)}'\n` : '';
}
