import { findEntry, oneOf, optional, specText, text, variantsOf } from '@polytask/components';
import pc from 'picocolors';
import { catalog, type CatalogItem, type CatalogEntry } from '../catalog.ts';
import {
  type ComponentOption,
  componentNamed,
  exampleOf,
  optionsOfComponent,
  schemaOfComponent,
} from '../options/component-options.ts';
import { documentNames, schemaOfDocument } from '../options/document-schemas.ts';
import { argument, defineCommand } from './command.ts';
import { hasColors } from './io.ts';
import * as shared from './shared-options.ts';

export const list = defineCommand({
  options: {
    what: argument(shared.namesOf(catalog), shared.entryOf(catalog, 'list')),
    name: argument('one of them, with its options', optional(text)),
    json: shared.json(
      '[{ name, description, paper?, also? }]; with a name { name, description, paper?, also?, options, schema }',
    ),
  },
  async run({ what, name }) {
    const entries = what.entries();
    if (name === undefined) return { entries };
    const item = findEntry(entries, name, what.kind ?? what.name);
    const component = what.kind && componentNamed(what.kind, item.name);
    const found = component === undefined ? undefined : { kind: what.kind!, name: component };
    const options = found ? optionsOfComponent(found) : [];
    return { entries: [item], options, component, schema: found && schemaOfComponent(found) };
  },
  json: ({ entries, options, schema }) => (options ? { ...entries[0], options, schema } : entries),
  document({ entries, options = [], component }, { what }, { stdout }) {
    const colors = hasColors(stdout);
    return plain(entries, colors) + optionLines(options, colors) + exampleLine(what, entries[0]!.name, component);
  },
});

export const schema = defineCommand({
  options: { file: argument(documentNames.join(' or '), oneOf(...documentNames)) },
  run: async ({ file }) => schemaOfDocument(file),
  document: (found) => `${JSON.stringify(found, null, 2)}\n`,
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
