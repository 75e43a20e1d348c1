import { readdirSync, readFileSync } from 'node:fs';
import { type Described, fits, shaped } from '@polytask/components';
import { datasetOptions } from '@polytask/data';
import { suiteOptions } from '@polytask/study';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { type DocumentName, schemaOfDocument } from './document-schemas.ts';

const ROOT = new URL('../../../../', import.meta.url);
const OPTIONS: Readonly<Record<DocumentName, Described>> = { dataset: datasetOptions, suite: suiteOptions };
const validator = {
  dataset: new Ajv().compile(schemaOfDocument('dataset')),
  suite: new Ajv().compile(schemaOfDocument('suite')),
};

/** Whether the schema takes a document, and whether its reader does. */
const taken = (name: DocumentName, document: object) => ({
  schema: validator[name](document),
  reader: fits(shaped(OPTIONS[name]), document),
});
const BOTH = { schema: true, reader: true };
const NEITHER = { schema: false, reader: false };

const textsIn = (folder: string, ending: string) =>
  (readdirSync(new URL(folder, ROOT), { recursive: true }) as string[])
    .filter((file) => file.endsWith(ending) && !/node_modules|package\.json|tsconfig|results/.test(file))
    .map((file): [string, string] => [`${folder}/${file}`, readFileSync(new URL(`${folder}/${file}`, ROOT), 'utf8')]);

/** The data set and suite files of examples, templates and guides. */
const documents = [
  ...['examples', 'packages/create-polytask/template'].flatMap((folder) => textsIn(folder, '.json')),
  ...textsIn('docs', '.md').flatMap(([page, text]) =>
    [...text.matchAll(/^```json.*\n([^`]*)/gm)].map(([, block], i): [string, string] => [`${page} ${i}`, block!]),
  ),
].flatMap(([place, text]): { place: string; name: DocumentName; document: object }[] => {
  const document = JSON.parse(text) as object;
  if ('extends' in document) return [{ place, name: 'suite', document }];
  return 'features' in document ? [{ place, name: 'dataset', document }] : [];
});

/** Files that name a kind, loss or pooling of their own, which is defined beside them. */
const WITH_PLUGINS =
  /template\/(feature|label|loss|prediction|task)\/|pooling\/visits|examples\/(censored-price|hour-of-day)\//;
/** Those that name a reader or a search by a text, which the schema doesn't look into. */
const BY_TEXT = /template\/search\/|reader\/customers/;

describe('the schema of a file takes what its reader takes', () => {
  it.each(documents)('$place', ({ place, name, document }) => {
    const schema = !WITH_PLUGINS.test(place);
    const expected = { schema, reader: schema && !BY_TEXT.test(place) };
    expect(taken(name, document)).toEqual(expected);
    expect(taken(name, { ...document, $schema: './it.schema.json' })).toEqual(expected);
  });

  it('of all of these there are some', () => {
    expect(new Set(documents.map(({ name }) => name))).toEqual(new Set(['dataset', 'suite']));
    expect(documents.length).toBeGreaterThan(20);
  });
});

const people = { files: 'people.csv', features: { age: 'numeric' }, tasks: { income: 'binary' } };

it.each([
  { files: ['a.csv', 'b.csv.gz'], csv: { delimiter: ';', decimal: ',' } },
  { files: { train: 'a.csv', test: ['b.csv'] } },
  { features: { age: { kind: 'numeric', log: true }, job: { kind: 'categorical', minCount: 2 }, on: 'date' } },
  { features: { ...people.features, viewed: { kind: 'multi-valued', values: { kind: 'hashed', buckets: 9 } } } },
  {
    tasks: { income: { kind: 'binary', positive: '50000+.', loss: 'focal' }, hours: { kind: 'regression', weight: 2 } },
  },
  { tasks: { income: { kind: 'binary', loss: { kind: 'loss', name: 'focal', config: { gamma: 1 } } } } },
  { split: 'random' },
  { split: { kind: 'time', column: 'year', test: 0.2 } },
  { join: [{ files: 'jobs.csv', on: 'job', features: { wage: 'numeric' } }] },
])('a data set file may have %j', (more) => expect(taken('dataset', { ...people, ...more })).toEqual(BOTH));

it.each([
  { feature: {} },
  { files: 3 },
  { files: { test: 'a.csv' } },
  { csv: { delimeter: ';' } },
  { csv: { decimal: '·' } },
  { features: { age: 'numric' } },
  { features: { age: { kind: 'numeric', logs: true } } },
  { features: { job: { kind: 'categorical', minCount: 0 } } },
  { features: { job: 'hashed' } },
  { features: [] },
  { tasks: { income: 'binry' } },
  { tasks: { income: { kind: 'binary', weight: -1 } } },
  { tasks: { income: { kind: 'binary', loss: 'focl' } } },
  { split: { kind: 'place' } },
  { split: { kind: 'time', test: 0.2 } },
  { split: { kind: 'random', test: 1 } },
  { join: [{ files: 'jobs.csv', features: {} }] },
])('a data set file must not have %j', (more) => expect(taken('dataset', { ...people, ...more })).toEqual(NEITHER));

const suite = { name: 'wide', extends: 'synthetic' };

it.each([
  { models: ['single-task', 'adatt(residual=false)', { model: 'ple', as: 'narrow', size: { levels: [16] } }] },
  { seeds: 3, folds: 5, training: { epochs: 2, learningRate: 'find' } },
  { seeds: [1, 7], training: { optimizer: { kind: 'optimizer', name: 'adamw', config: { weightDecay: 0.05 } } } },
  { search: { method: 'random', trials: 9, space: { learningRate: { from: 1e-4, to: 1e-2, scale: 'log' } } } },
  { search: { method: 'grid', space: { learningRate: { choices: [0.001, 0.01] } } } },
  { budgets: { small: { size: { levels: [8] }, match: { by: 'parameters', to: 'adatt' } } } },
])('a suite may have %j', (more) => expect(taken('suite', { ...suite, ...more })).toEqual(BOTH));

it.each([
  { extends: undefined },
  { modles: ['adatt'] },
  { models: [] },
  { models: [{ model: 'ple', siz: {} }] },
  { seeds: 0 },
  { seeds: [] },
  { folds: 1 },
  { size: { levels: '64' } },
  { training: { epochs: 0 } },
  { training: { optimizer: { kind: 'optimizer', name: 'admaw' } } },
  { search: { method: 'grid', space: { learningRate: { chioces: [1] } } } },
  { budgets: { small: { sizes: {} } } },
])('a suite must not have %j', (more) => expect(taken('suite', { ...suite, ...more })).toEqual(NEITHER));

it('leaves the name of a search to the reader', () => {
  const search = { method: 'guess', trials: 3, space: {} };
  expect(taken('suite', { ...suite, search })).toEqual({ schema: true, reader: false });
});

it('has the descriptions of docstrings, and those of kinds', () => {
  const { properties, $defs } = JSON.parse(JSON.stringify(schemaOfDocument('dataset'))) as {
    readonly properties: Readonly<Record<string, { readonly description: string }>>;
    readonly $defs: { readonly feature: { readonly anyOf: readonly { readonly description?: string }[] } };
  };
  expect(properties['gaucGroup']?.description).toBe(
    'The column of the groups of GAUC, the mean AUC of groups such as users.',
  );
  expect($defs.feature.anyOf.map(({ description }) => description)).toContain('a standardized number');
});
