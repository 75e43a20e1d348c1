import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../workspace.js';

const CONFIGURATION = join(ROOT, 'tsconfig.base.json');

/** A program of these files under the rules of the repository, but that values may be left unused, and elements of arrays
 * are taken to be there, as in most projects. @param {string[]} files @param {ts.Program} [before] */
export function programOf(files, before) {
  const { config, error } = ts.readConfigFile(CONFIGURATION, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const own = {
    noUnusedLocals: false,
    noUnusedParameters: false,
    noUncheckedIndexedAccess: false,
    allowJs: true,
    checkJs: false,
  };
  return ts.createProgram({ rootNames: files, options: { ...options, ...own }, ...(before && { oldProgram: before }) });
}

/**
 * What is wrong with a file, a line each.
 * @param {ts.Program} program @param {string} path @returns {{ line: number, message: string }[]}
 */
export function faultsOf(program, path) {
  const file = program.getSourceFile(path);
  if (!file) throw new Error(`${path} is not in the program`);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ start = 0, messageText }) => ({
      line: file.getLineAndCharacterOfPosition(start).line,
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }),
  );
}

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
