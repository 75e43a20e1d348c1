import { relative } from 'node:path';

/**
 * @typedef {import('./modules.js').BlockModule} BlockModule @typedef {import('./program.js').KnownNames} KnownNames
 */

/**
 * A module with an import for each name that it lacks, in front of its first line. An earlier block of the page, the latest first, comes
 * before what is known everywhere.
 * @param {BlockModule} module @param {ReadonlySet<string>} unknown the names that it lacks
 * @param {readonly BlockModule[]} earlier the blocks of the page before it @param {KnownNames} known @returns {string} its text
 */
export function withImports({ path, text }, unknown, earlier, known) {
  const imports = [...unknown].flatMap((name) => {
    const block = earlier.findLast(({ names }) => names.includes(name));
    if (block) return `import { ${name} } from '${relativePath(path, block.path)}';`;
    const found = known.get(name);
    return found ? `import { ${found.isType ? 'type ' : ''}${name} } from '${found.from}';` : [];
  });
  return `${[...imports, 'export {};'].join(' ')} ${text}\n`;
}

/**
 * The names of Polytask that a block with imports uses and doesn't import, with their packages. Who copies it would miss them. Earlier
 * blocks of the page may import them.
 * @param {BlockModule} module @param {ReadonlySet<string>} unknown the names that it lacks
 * @param {readonly BlockModule[]} earlier the blocks of the page before it @param {KnownNames} known @returns {[name: string, from: string][]}
 */
export function missingImports({ imports }, unknown, earlier, known) {
  if (imports.length === 0) return [];
  const there = new Set(earlier.flatMap((block) => [...block.names, ...block.imports]));
  return [...unknown].flatMap((name) => {
    const { from = '' } = known.get(name) ?? {};
    return from.startsWith('@polytask/') && !there.has(name) ? [/** @type {[string, string]} */ ([name, from])] : [];
  });
}

/** @param {string} from @param {string} to */
const relativePath = (from, to) => `./${relative(from, to).replace(/^\.\.\/?/, '')}`;
