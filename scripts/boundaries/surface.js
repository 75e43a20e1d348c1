import { remark } from 'remark';
import { filesLike, readGuides } from '../docs-pages.js';

const parser = remark();

/** @param {ReturnType<typeof parser.parse> | ReturnType<typeof parser.parse>['children'][number]} node @returns {string[]} */
const codeIn = (node) =>
  'children' in node
    ? node.children.flatMap(codeIn)
    : node.type === 'code' || node.type === 'inlineCode'
      ? [node.value]
      : [];

/** All words in the code of guides, READMEs, examples and templates: the names that a user can learn. */
export function taughtWords() {
  const pages = [...readGuides(), ...filesLike(/^(examples|packages\/create-polytask\/template)\/.+\.md$/)];
  const programs = filesLike(/^(examples|packages\/create-polytask\/template)\/.+\.[jt]s$/);
  const code = [...pages.flatMap(({ text }) => codeIn(parser.parse(text))), ...programs.map(({ text }) => text)];
  return new Set(code.flatMap((text) => text.match(/\w+/g) ?? []));
}

const IMPORT = /^(?:import|export)\s*\{([^}]*)\}\s*from\s*'([^']+)'/gm;

/**
 * The named imports of a text.
 * @param {string} text @returns {{ name: string, from: string }[]}
 * @example importsIn("import { a as b, type C } from 'x';") // [{ name: 'a', from: 'x' }, { name: 'C', from: 'x' }]
 */
export const importsIn = (text) =>
  [...text.matchAll(IMPORT)].flatMap(([, names = '', from = '']) =>
    [...names.matchAll(/(?:^|,)\s*(?:type\s+)?(\w+)/g)].map(([, name = '']) => ({ name, from })),
  );
