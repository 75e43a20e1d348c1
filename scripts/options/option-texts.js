import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { ROOT } from '../workspace.js';

/** @typedef {Record<string, Record<string, Record<string, string>>>} OptionTexts texts by kind, name and option */

/** The functions that define a component. */
const DEFINER = /^(define[A-Z]|declareTask$)/;

/** Keys of tasks and features that aren't options: their kind, and what fits find. */
const NO_OPTIONS = ['kind', 'fitted', 'calibrated'];

const PACKAGES = ['core', 'experts', 'gating', 'adatt', 'baselines', 'balancing', 'training', 'data', 'study'];

/** The descriptions of documents. @type {Record<string, string>} */
const DOCUMENTS = { datasetOptions: 'dataset', suiteOptions: 'suite' };

/** The documentation of options that `polytask list` shows. The build writes it. */
const TEXTS = 'packages/bench/dist/option-texts.json';

/** Writes it, unless it is newer than all sources. */
export function writeTexts() {
  const sources = PACKAGES.flatMap((name) => sourcesOf(join(ROOT, 'packages', name, 'src')));
  const written = statSync(join(ROOT, TEXTS), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if ([...sources, fileURLToPath(import.meta.url)].every((file) => statSync(file).mtimeMs < written)) return;
  mkdirSync(join(ROOT, 'packages/bench/dist'), { recursive: true });
  writeFileSync(join(ROOT, TEXTS), `${JSON.stringify(optionTexts(sources), null, 2)}\n`);
}

/**
 * The documentation of the options of all components of this repository: the docstrings of their descriptions, in one line.
 * `levels[].shared` is an option of the entries of `levels`.
 *
 * @param {string[]} sources
 * @returns {OptionTexts}
 */
function optionTexts(sources) {
  const program = programOf(sources);
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
  /** @type {OptionTexts} */
  const texts = {};
  /** @param {string} kind @param {string} name @param {ts.Type} type */
  const add = (kind, name, type) => {
    const options = textsOf(checker, checker.getNonNullableType(type));
    if (Object.keys(options).length > 0) (texts[kind] ??= {})[name] = options;
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && DEFINER.test(node.expression.getText())) {
      const [name, given] = node.arguments;
      if (name && ts.isStringLiteral(name)) addDefined(node.expression.getText(), name.text, node, given);
    } else if (ts.isVariableDeclaration(node) && node.type && /^DeclaredKind<\w\w/.test(node.type.getText())) {
      const [declared] = /** @type {ts.TypeReferenceNode} */ (node.type).typeArguments ?? [];
      const type = checker.getTypeFromTypeNode(/** @type {ts.TypeNode} */ (declared));
      add('feature', literalOf(type, 'kind'), type);
    } else if (ts.isVariableDeclaration(node) && node.name.getText() in DOCUMENTS) {
      add('document', /** @type {string} */ (DOCUMENTS[node.name.getText()]), checker.getTypeAtLocation(node));
    }
    ts.forEachChild(node, visit);
  };
  /**
   * A component has the options of the specs that its factory returns, and a task or feature those of what it is declared by.
   * @param {string} definer @param {string} name @param {ts.CallExpression} call @param {ts.Expression | undefined} given
   */
  const addDefined = (definer, name, call, given) => {
    const [factory] = checker.getTypeAtLocation(call).getCallSignatures();
    const spec = factory?.getReturnType();
    const [rest] = factory?.getParameters() ?? [];
    if (definer === 'declareTask') {
      if (given) add('task', name, checker.getTypeAtLocation(given));
    } else if (spec?.getProperty('config')) add(literalOf(spec, 'kind'), name, typeOf(spec, 'config'));
    else if (rest && /^define(Task|Feature)$/.test(definer)) {
      const [type] = checker.getTypeArguments(/** @type {ts.TypeReference} */ (checker.getTypeOfSymbol(rest)));
      if (type) add(definer.slice('define'.length).toLowerCase(), name, type);
    }
  };
  /** @param {ts.Type} type @param {string} name of a property */
  const typeOf = (type, name) => checker.getTypeOfSymbol(/** @type {ts.Symbol} */ (type.getProperty(name)));
  /** @param {ts.Type} type @param {string} name of a property */
  const literalOf = (type, name) => /** @type {ts.StringLiteralType} */ (typeOf(type, name)).value;
  files.forEach(visit);
  return texts;
}

/** @param {string} folder */
const sourcesOf = (folder) =>
  /** @type {string[]} */ (readdirSync(folder, { recursive: true }))
    .toSorted()
    .filter((file) => /(?<!\.test)\.ts$/.test(file) && !/(^|\/)testing\//.test(file))
    .map((file) => join(folder, file));

/** Only our own sources and the plainest library: the types of TensorFlow.js and of the DOM have no options. @param {string[]} files */
function programOf(files) {
  /** @type {ts.CompilerOptions} */
  const options = {
    ...{ target: ts.ScriptTarget.ES2022, lib: ['lib.es5.d.ts'], types: [], strict: true, noEmit: true },
    ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    ...{ allowImportingTsExtensions: true, customConditions: ['@polytask/source'] },
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => {
      const isOurs = /^\.|^@polytask\//.test(text);
      return isOurs ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined };
    });
  return ts.createProgram(files, options, host);
}

/** @param {ts.TypeChecker} checker @param {ts.Type} type @param {string} path of the type @returns {Record<string, string>} */
function textsOf(checker, type, path = '') {
  const properties = type
    .getProperties()
    .filter((each) => isOurs(each) && (path !== '' || !NO_OPTIONS.includes(each.name)));
  const texts = properties.map((property) => {
    const name = path + property.name;
    const text = plain(ts.displayPartsToString(property.getDocumentationComment(checker)));
    const value = checker.getNonNullableType(valueOf(checker, checker.getTypeOfSymbol(property)));
    const entry = checker.isArrayType(value) && checker.getTypeArguments(/** @type {ts.TypeReference} */ (value))[0];
    const inner = isConfiguration(entry || value) && textsOf(checker, entry || value, `${name}${entry ? '[]' : ''}.`);
    return { ...(text !== '' && { [name]: text }), ...inner };
  });
  return Object.assign({}, ...texts);
}

/** What an option of a document takes, or else the type itself. @param {ts.TypeChecker} checker @param {ts.Type} type */
function valueOf(checker, type) {
  const [written, read] = ['written', 'read'].map((name) => type.getProperty(name));
  if (written) return checker.getTypeOfSymbol(written);
  return (read && checker.getTypeOfSymbol(read).getCallSignatures()[0]?.getReturnType()) ?? type;
}

/** @param {string} text a docstring */
const plain = (text) =>
  text
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();

/** Whether a type is an object with options, and no spec. @param {ts.Type} type @returns {boolean} */
const isConfiguration = (type) =>
  type.isIntersection()
    ? type.types.every(isConfiguration)
    : (type.flags & ts.TypeFlags.Object) !== 0 &&
      type.getProperties().some(isOurs) &&
      type.getCallSignatures().length === 0 &&
      type.getProperty('config') === undefined;

/** @param {ts.Symbol} symbol */
const isOurs = (symbol) =>
  symbol.declarations?.some((each) => !each.getSourceFile().fileName.includes('/node_modules/')) === true;
