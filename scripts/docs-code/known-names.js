import ts from 'typescript';

/**
 * What modules export, and from which module to import it. Of several modules that export a name, the first one counts.
 * @typedef {Map<string, { from: string, isType: boolean }>} KnownNames
 */

/**
 * @param {ts.Program} program a program that imports all of the modules
 * @param {string} file a file of it, with one import a module @returns {KnownNames}
 */
export function knownNames(program, file) {
  const checker = program.getTypeChecker();
  /** @type {KnownNames} */
  const known = new Map();
  for (const statement of program.getSourceFile(file)?.statements ?? []) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
    if (!module) throw new Error(`there is no module ${statement.moduleSpecifier.text}`);
    for (const symbol of checker.getExportsOfModule(module)) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const isType = !(target.flags & ts.SymbolFlags.Value);
      if (!known.has(symbol.name)) known.set(symbol.name, { from: statement.moduleSpecifier.text, isType });
    }
  }
  return known;
}
