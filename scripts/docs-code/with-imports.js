import { relative } from 'node:path';

/**
 * @typedef {import('./modules.js').BlockModule} BlockModule @typedef {import('./known-names.js').KnownNames} KnownNames
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

/** @param {string} from @param {string} to */
const relativePath = (from, to) => `./${relative(from, to).replace(/^\.\.\/?/, '')}`;
