import ts from 'typescript';

/**
 * A block of code as a module that other blocks of the page may import from: the names that it declares, and those that it imports.
 * @typedef {{ path: string, text: string, names: string[], imports: string[] }} BlockModule
 */

/**
 * A block as a module: it exports what it declares. Its lines are those of the block.
 * @param {string} path where the module will be @param {string} text @returns {BlockModule}
 * @example moduleOf('a.ts', 'const a = 1;') // { path: 'a.ts', text: 'export const a = 1;', names: ['a'], imports: [] }
 */
export function moduleOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const names = [];
  let exported = text;
  for (const statement of [...file.statements].reverse()) {
    const declared = declaredNames(statement);
    if (declared.length === 0) continue;
    names.push(...declared);
    const start = statement.getStart(file);
    if (!/^export\b/.test(text.slice(start))) exported = `${exported.slice(0, start)}export ${exported.slice(start)}`;
  }
  return { path, text: exported, names, imports: file.statements.flatMap(importedNames) };
}

/** @param {ts.Statement} statement @returns {string[]} */
function importedNames(statement) {
  if (!ts.isImportDeclaration(statement) || !statement.importClause) return [];
  const { name, namedBindings } = statement.importClause;
  const named = !namedBindings
    ? []
    : ts.isNamespaceImport(namedBindings)
      ? [namedBindings.name.text]
      : namedBindings.elements.map((element) => element.name.text);
  return name ? [name.text, ...named] : named;
}

/** @param {ts.Statement} statement @returns {string[]} */
function declaredNames(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return statement.name ? [statement.name.text] : [];
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return [statement.name.text];
  return [];
}

/** @param {ts.BindingName} name @returns {string[]} */
const boundNames = (name) =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));

/** TypeScript's errors for a name that nothing declares. Some have advice on what to install. */
const UNKNOWN_NAME = new Set([2304, 2503, 2552, 2580, 2582, 2591, 2592, 2593, 18004]);

/**
 * The names that modules use and don't declare. Globals such as `console` are among them.
 * @param {readonly BlockModule[]} modules @returns {Map<string, Set<string>>} by path
 */
export function unknownNames(modules) {
  const texts = new Map(modules.map(({ path, text }) => [path, text]));
  const options = {
    noResolve: true,
    noLib: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ES2022,
    allowJs: true,
    checkJs: true,
  };
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile;
  host.getSourceFile = (path, version) => {
    const text = texts.get(path);
    return text === undefined ? readSource(path, version) : ts.createSourceFile(path, text, version, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return new Map(
    [...texts.keys()].map((path) => {
      const file = program.getSourceFile(path);
      const unknown = program.getSemanticDiagnostics(file).filter(({ code }) => UNKNOWN_NAME.has(code));
      return [
        path,
        new Set(unknown.map(({ start = 0, length = 0 }) => (file?.text ?? '').slice(start, start + length))),
      ];
    }),
  );
}
