import { Command } from 'commander';
import pc from 'picocolors';
import { catalog, type CatalogItem, type CatalogRow } from '../catalog.ts';
import { row } from './arguments.ts';
import { hasColors, type Io } from './io.ts';

const KINDS = catalog.map(({ name }) => name).join(', ');

/** `polytask list models|experts|gates|balancers|metrics|datasets|suites` lists the rows of a table. */
export const listCommand = ({ stdout }: Io): Command =>
  new Command('list')
    .description(`list what there is: ${KINDS}`)
    .argument('<what>', KINDS, row(catalog, 'list'))
    .option('--json', 'as JSON: [{ name, description, paper? }]')
    .action((what: CatalogRow, { json }: { json?: boolean }) => {
      const entries = what.entries();
      stdout.write(json ? `${JSON.stringify(entries, null, 2)}\n` : plain(entries, hasColors(stdout)));
    });

function plain(entries: readonly CatalogItem[], colors: boolean): string {
  const { bold, dim } = pc.createColors(colors);
  const width = Math.max(...entries.map(({ name }) => name.length));
  return entries
    .map(
      ({ name, description, paper }) =>
        `${bold(name.padEnd(width))}  ${description}${paper === undefined ? '' : dim(` (${paper})`)}\n`,
    )
    .join('');
}
