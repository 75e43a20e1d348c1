import { findRow } from '@polytask/study';
import { Command } from 'commander';
import pc from 'picocolors';
import { catalogue, type CatalogueRow } from '../catalogue/catalogue.ts';
import type { CatalogueItem } from '../catalogue/catalogue-item.ts';
import { argument } from './arguments.ts';
import type { Io } from './io.ts';

const KINDS = catalogue.map(({ name }) => name).join(', ');

/** `polytask list models|experts|gates|balancers|datasets|suites`. */
export const listCommand = ({ stdout }: Io): Command =>
  new Command('list')
    .description(`list what there is: ${KINDS}`)
    .argument(
      '<what>',
      KINDS,
      argument((name) => findRow(catalogue, name, 'list')),
    )
    .option('--json', 'as JSON: [{ name, description, paper? }]')
    .action((what: CatalogueRow, { json }: { json?: boolean }) => {
      const entries = what.entries();
      stdout.write(
        json ? `${JSON.stringify(entries, null, 2)}\n` : plain(entries, Boolean(stdout.isTTY) && pc.isColorSupported),
      );
    });

function plain(entries: readonly CatalogueItem[], colors: boolean): string {
  const { bold, dim } = pc.createColors(colors);
  const width = Math.max(...entries.map(({ name }) => name.length));
  return entries
    .map(
      ({ name, description, paper }) =>
        `${bold(name.padEnd(width))}  ${description}${paper === undefined ? '' : dim(` (${paper})`)}\n`,
    )
    .join('');
}
