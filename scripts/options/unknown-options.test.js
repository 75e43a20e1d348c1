import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { packages, ROOT } from '../workspace.js';

/** @param {unknown} target of a condition of `exports` @returns {string} */
const fileOf = (target) =>
  typeof target === 'string' ? target : fileOf(Object(target).default ?? Object.values(Object(target))[0]);

/** Packages that only export what others have, or nothing. @type {readonly unknown[]} */
const OF_OTHERS = ['polytask', 'create-polytask'];

const entries = packages().flatMap(({ directory, manifest }) =>
  Object.entries(manifest.exports ?? {}).flatMap(([path, conditions]) => {
    const source = Object(conditions)['@polytask/source'];
    const isPublic = source !== undefined && path !== './internal' && !OF_OTHERS.includes(manifest.name);
    return isPublic ? [{ name: manifest.name + path.slice(1), file: join(directory, fileOf(source)) }] : [];
  }),
);

/** A parameter of options, by its name or its type. `Options` alone is a table of checks. @param {string} name @param {string} type */
const isOptions = (name, type) =>
  /^(options|config|given)$/.test(name)
    ? !/\b(Options<|Check|readonly string\[\])/.test(type)
    : /\w+Options\b/.test(type);

/** The public functions with a parameter of options, and its place. */
function functionsWithOptions() {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(entries.map(({ file }) => file), options); // prettier-ignore
  const checker = program.getTypeChecker();
  const found = new Map();
  for (const { name: entry, file } of entries) {
    const module = checker.getSymbolAtLocation(/** @type {ts.SourceFile} */ (program.getSourceFile(file)));
    for (const alias of module ? checker.getExportsOfModule(module) : []) {
      const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
      const declaration = symbol.valueDeclaration;
      if (!declaration || found.has(symbol)) continue;
      for (const signature of checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures()) {
        const place = signature.getParameters().findIndex((parameter) => {
          const type = checker.getTypeOfSymbolAtLocation(parameter, parameter.valueDeclaration ?? declaration);
          return isOptions(parameter.name, checker.typeToString(type));
        });
        if (place >= 0) found.set(symbol, { entry, name: alias.name, place });
      }
    }
  }
  return [...found.values()];
}

await tf.setBackend('cpu'); // another file of this process may have registered wasm, which isn't ready
const { binary, emptyBatch, multiTaskModel } = await import('@polytask/core');
const { adatt } = await import('@polytask/adatt');
const { mlp } = await import('@polytask/experts');
const { trialOf } = await import('@polytask/study/testing');

const model = multiTaskModel({
  schema: { features: { age: { kind: 'numeric', mean: 0, deviation: 1 } }, tasks: { click: binary() } },
  network: adatt({ levels: [{ experts: mlp([2]) }] }),
  seed: 1,
});
const batch = emptyBatch(1, model.layout, model.taskNames);
const table = { schema: model.schema, size: 1, batch: () => batch };

/** Arguments of functions that read them before their options. @type {Readonly<Record<string, unknown[]>>} */
const BEFORE = {
  calibrate: [model, batch],
  createSpec: ['expert', 'mlp'],
  declareFeature: ['numeric'],
  declareTask: ['binary'],
  defineGramianBalancer: ['mine', {}],
  defineOptimizer: ['mine', {}],
  diagnose: [model, {}],
  evaluateBy: [model, table, 'age'],
  growModel: [model, model.schema],
  lossesOf: [model, model.toTensors(batch)],
  openPredictor: [model],
  summarizeTables: [[trialOf()]],
  withOptions: [mlp([2])],
};

/** Options that a function reads before the unknown one. @type {Readonly<Record<string, object>>} */
const NEEDED = {
  defineCalibration: { options: () => ({}) },
  fetchKuairandPure: { url: '' },
};

/** What a call with an unknown option throws. @param {any} run @param {string} name @param {number} place */
async function thrown(run, name, place) {
  try {
    const result = run(...(BEFORE[name] ?? Array(place).fill(undefined)), { ...NEEDED[name], unknownOption: 1 });
    await (result?.next ? result.next() : result);
  } catch (error) {
    return String(error);
  }
  return '';
}

/** What takes data or a definition in a parameter of such a name: not options of a call. */
const DATA = [
  ...['readOptions', 'objectAt', 'either', 'shaped', 'optionTypes', 'jsonSchema', 'specText'],
  ...['pairing', 'pairOf', 'resampling', 'foldsOf', 'isSplitBySeed', 'rowIds', 'trainingIn'],
  ...['trialOf', 'defineConfig', 'writeParameters', 'withRandomSplit'],
];

test('public functions refuse an unknown option', { tags: ['long'] }, async () => {
  const functions = functionsWithOptions();
  expect(functions.length).toBeGreaterThan(250);
  const ignoring = [];
  for (const { entry, name, place } of functions) {
    if (DATA.includes(name)) continue;
    const module = await import(/* @vite-ignore */ entry);
    const message = await thrown(module[name], name, place);
    if (!message.includes('unknownOption')) ignoring.push(`${name}: ${message}`);
  }
  expect(ignoring.sort()).toEqual([]);
});
