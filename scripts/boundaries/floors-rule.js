import { dirname, relative, resolve, sep } from 'node:path';
import { FLOORS, floorOf, SCOPE, TEST_FLOORS } from './floors.js';
import { nearestManifest } from './manifest.js';

/** A test, a type test, or what only tests use: a fixture, a file in a folder named testing. */
const TEST_FILE = /\.(test|test-d|fixture)\.ts$|[\\/]src[\\/](.*[\\/])?testing[\\/]/;

/** What the tests of all packages share, in the root of the repository. */
const TEST_BASE = /^(\.\.[\\/])+\w+\.base\.ts$/;

const FIELDS = /** @type {const} */ (['dependencies', 'peerDependencies']);
const DEV_FIELD = /** @type {const} */ ('devDependencies');

/**
 * Reports an import that leaves its package by a relative path, that its floor does not permit, or that its
 * package.json does not declare. Whoever is not in the table (examples) may use every package that he declares.
 * @type {import('eslint').Rule.RuleModule}
 */
export const floorsRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      outside: "'{{source}}' leaves the package: import another package by its name, {{scope}}…",
      itself: "'{{source}}' is this package itself: import the file by a relative path.",
      floor:
        "{{scope}}{{home}} may use {{allowed}}, not '{{source}}': dependencies point only downwards (scripts/boundaries/floors.js).",
      undeclared: "'{{source}}' is not among the {{fields}} in {{home}}'s package.json.",
    },
  },
  create(context) {
    const { directory, manifest } = nearestManifest(context.filename);
    const home = manifest.name.replace(SCOPE, '');
    const isTest = TEST_FILE.test(context.filename);

    /** @param {string} source @returns {{ messageId: string, data: Record<string, string> } | undefined} */
    const fault = (source) => {
      const data = { source, home, scope: SCOPE };
      if (source.startsWith('.')) {
        const target = relative(directory, resolve(dirname(context.filename), source));
        if (target.split(sep)[0] !== '..' || (isTest && TEST_BASE.test(target))) return undefined;
        return { messageId: 'outside', data };
      }
      if (!source.startsWith(SCOPE)) return undefined;
      const name = /** @type {string} */ (source.slice(SCOPE.length).split('/')[0]);
      if (name === home) return isTest ? undefined : { messageId: 'itself', data };
      const allowed = FLOORS[home] && [...floorOf(home), ...((isTest && TEST_FLOORS[home]) || [])];
      if (allowed && !allowed.includes(name)) {
        return { messageId: 'floor', data: { ...data, allowed: allowed.join(', ') || 'no other package' } };
      }
      const fields = isTest ? [...FIELDS, DEV_FIELD] : FIELDS;
      const isDeclared = fields.some((field) => manifest[field]?.[SCOPE + name]);
      return isDeclared ? undefined : { messageId: 'undeclared', data: { ...data, fields: fields.join(', ') } };
    };

    /** @param {import('estree').Node | null | undefined} node */
    const check = (node) => {
      if (node?.type !== 'Literal' || typeof node.value !== 'string') return;
      const found = fault(node.value);
      if (found) context.report({ node, ...found });
    };

    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (/** @type {{ source: import('estree').Literal }} */ node) => check(node.source),
    };
  },
};
