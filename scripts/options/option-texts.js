import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { ROOT } from '../workspace.js';

/** @typedef {Record<string, Record<string, Record<string, string>>>} OptionTexts texts by kind, name and option */

/** The functions that define a component, with its kind. @type {ReadonlyMap<string, string>} */
const DEFINERS = new Map([
  ['defineExpert', 'expert'],
  ['defineGate', 'gate'],
  ['defineNetwork', 'network'],
  ['defineCompositeNetwork', 'network'],
  ['defineInput', 'input'],
  ['definePooling', 'pooling'],
  ['definePenalty', 'penalty'],
  ['defineLoss', 'loss'],
  ['defineGroupLoss', 'loss'],
  ['defineTask', 'task'],
  ['declareTask', 'task'],
  ['defineFeature', 'feature'],
  ['defineLossBalancer', 'balancer'],
  ['defineGramianBalancer', 'balancer'],
  ['defineJacobianBalancer', 'balancer'],
  ['defineOptimizer', 'optimizer'],
  ['defineSchedule', 'schedule'],
  ['defineCalibration', 'calibration'],
  ['defineThreshold', 'threshold'],
]);

/** Keys of tasks and features that aren't options: their kind, and what fits find. */
const NO_OPTIONS = ['kind', 'fitted', 'calibrated'];

const PACKAGES = ['core', 'experts', 'gating', 'adatt', 'baselines', 'balancing', 'training', 'data'];

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
    /** @type {Record<string, string>} */
    const options = {};
    addTexts(checker, checker.getNonNullableType(type), '', options);
    if (Object.keys(options).length > 0) (texts[kind] ??= {})[name] = options;
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node)) {
      const kind = DEFINERS.get(node.expression.getText());
      const [name] = node.arguments;
      if (kind !== undefined && name && ts.isStringLiteral(name)) {
        const [, given] = node.expression.getText() === 'declareTask' ? node.arguments : [];
        const type = given ? checker.getTypeAtLocation(given) : configOf(node);
        if (type) add(kind, name.text, type);
      }
    } else if (ts.isVariableDeclaration(node) && node.type && /^DeclaredKind<\w\w/.test(node.type.getText())) {
      const [declared] = /** @type {ts.TypeReferenceNode} */ (node.type).typeArguments ?? [];
      const type = checker.getTypeFromTypeNode(/** @type {ts.TypeNode} */ (declared));
      const kind = checker.getTypeOfSymbol(/** @type {ts.Symbol} */ (type.getProperty('kind')));
      add('feature', /** @type {ts.StringLiteralType} */ (kind).value, type);
    }
    ts.forEachChild(node, visit);
  };
  /** The type of the configuration in the specs of the factory that a call returns, or of what a task or feature is declared by. @param {ts.CallExpression} call */
  const configOf = (call) => {
    const [factory] = checker.getTypeAtLocation(call).getCallSignatures();
    const config = factory?.getReturnType().getProperty('config');
    if (config) return checker.getTypeOfSymbol(config);
    const [given] = factory?.getParameters() ?? [];
    return given && checker.getTypeArguments(/** @type {ts.TypeReference} */ (checker.getTypeOfSymbol(given)))[0];
  };
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

/** @param {ts.TypeChecker} checker @param {ts.Type} type @param {string} path @param {Record<string, string>} texts */
function addTexts(checker, type, path, texts) {
  for (const property of type.getProperties().filter(isOurs)) {
    if (path === '' && NO_OPTIONS.includes(property.name)) continue;
    const name = `${path}${property.name}`;
    const text = plain(ts.displayPartsToString(property.getDocumentationComment(checker)));
    if (text !== '') texts[name] = text;
    const value = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    const entry = checker.isArrayType(value) && checker.getTypeArguments(/** @type {ts.TypeReference} */ (value))[0];
    if (isConfiguration(entry || value)) addTexts(checker, entry || value, `${name}${entry ? '[]' : ''}.`, texts);
  }
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
      type.symbol !== undefined &&
      isOurs(type.symbol) &&
      type.getCallSignatures().length === 0 &&
      type.getProperty('config') === undefined;

/** @param {ts.Symbol} symbol */
const isOurs = (symbol) =>
  symbol.declarations?.some((each) => !each.getSourceFile().fileName.includes('/node_modules/')) === true;
