import { binary } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { toTfDataset } from '../examples/to-tf-dataset.ts';
import * as data from '../index.ts';

const { numeric, categorical, hashed, multiValued, vector, fromRows, parseCsv, split } = data;

const declared = { features: { x: numeric() }, tasks: { y: binary() } };
const rows = [0, 1, 2, 3].map((x) => ({ x, y: x % 2 }));
const table = fromRows(rows, declared);
const { train } = split(table);
const csv = 'x,y\n1,0\n2,1\n';

/** An option that a program without types may pass. */
const odd = <O extends object>(options: O, more: object): O => ({ ...options, ...more });

const faults: [name: string, call: () => unknown, received: string, meant: string][] = [
  ['numeric', () => numeric(odd({}, { logg: true })), 'logg', 'log'],
  ['categorical', () => categorical(odd({}, { mincount: 5 })), 'mincount', 'minCount'],
  ['hashed', () => hashed(odd({ buckets: 5 }, { form: 'x' })), 'form', 'from'],
  ['multiValued', () => multiValued(odd({}, { seperator: ',' })), 'seperator', 'separator'],
  ['shared', () => data.shared(odd({ with: 'x' }, { wth: 'y' })), 'wth', 'with'],
  ['idSequence', () => data.idSequence(odd({}, { maxlength: 9 })), 'maxlength', 'maxLength'],
  ['sideColumn', () => data.sideColumn(odd({ of: 'x' }, { frm: 'y' })), 'frm', 'from'],
  ['vector', () => vector(odd({ width: 2 }, { frm: 'x' })), 'frm', 'from'],
  ['vector', () => vector(odd({ columns: ['a'] }, { column: 'a' })), 'column', 'columns'],
  ['parseCsv', () => parseCsv(csv, odd(declared, { delimeter: ';' })), 'delimeter', 'delimiter'],
  ['readCsv', () => data.readCsv(new Blob([csv]), odd(declared, { encodnig: 'latin1' })), 'encodnig', 'encoding'],
  ['csvStream', () => data.csvStream(new Blob([csv]), odd(declared, { chunkrows: 5 })), 'chunkrows', 'chunkRows'],
  ['readParquet', () => data.readParquet(new Uint8Array(), odd(declared, { nam: 'x' })), 'nam', 'name'],
  ['parquetStream', () => data.parquetStream([], odd(declared, { chunkRow: 5 })), 'chunkRow', 'chunkRows'],
  ['fromRows', () => fromRows(rows, odd(declared, { feature: {} })), 'feature', 'features'],
  ['fromColumns', () => data.fromColumns({ x: [1], y: [0] }, odd(declared, { task: {} })), 'task', 'tasks'],
  ['split', () => split(table, odd({}, { tests: 0.1 })), 'tests', 'test'],
  ['splitRows', () => data.splitRows(9, odd({}, { group: [] })), 'group', 'groups'],
  ['batches', () => data.batches(train, odd({}, { batchsize: 2 })), 'batchsize', 'batchSize'],
  ['toTfDataset', () => toTfDataset(train, odd({}, { sead: 2 })), 'sead', 'seed'],
  [
    'fitStreamSchema',
    () => data.fitStreamSchema(data.tableStream([table]), odd({}, { maxCount: 9 })),
    'maxCount',
    'maxCounted',
  ],
  ['sampleStream', () => data.sampleStream(data.tableStream([table]), odd({ size: 1 }, { sead: 2 })), 'sead', 'seed'],
  ['mixTables', () => data.mixTables({ table }, odd({}, { ratios: 'equal' })), 'ratios', 'ratio'],
  ['mixStreams', () => data.mixStreams({ t: data.tableStream([table]) }, odd({}, { size: {} })), 'size', 'sizes'],
  ['syntheticTasks', () => data.syntheticTasks(odd({ tasks: 2 }, { correlations: 1 })), 'correlations', 'correlation'],
  ['censusIncome', () => data.censusIncome('nowhere', odd({}, { valdiation: 0.1 })), 'valdiation', 'validation'],
  ['readCensusIncome', () => data.readCensusIncome('nowhere', odd({}, { verfy: false })), 'verfy', 'verify'],
  ['kuairandPure', () => data.kuairandPure('nowhere', odd({}, { task: [] })), 'task', 'tasks'],
  ['readKuairandPure', () => data.readKuairandPure('nowhere', odd({}, { verfy: true })), 'verfy', 'verify'],
];

describe('an option that nothing reads is an error with the one that was meant', () => {
  it.each(faults)('%s (%#)', async (name, call, received, meant) => {
    await expect((async () => call())()).rejects.toThrow(
      `Expected an option of ${name}, received "${received}". Did you mean "${meant}"?`,
    );
  });

  it('within the values of a list', () => {
    const values = { ...categorical(), minCont: 2 };
    expect(() => multiValued({ values })).toThrow(
      'Expected an option of multiValued.values, received "minCont". Did you mean "minCount"?',
    );
    expect(() => multiValued({ values: numeric() as never })).toThrow(
      'Expected a kind for multiValued.values, received "numeric". Known: "categorical", "hashed", "shared".',
    );
  });
});

describe('a declaration', () => {
  it('has features and tasks', () => {
    expect(() => fromRows(rows, { features: declared.features } as never)).toThrow(
      'Expected an object for fromRows.tasks, with a key for each, received nothing. Pass tasks: { income: binary() }, or tasks: {}',
    );
    expect(() => parseCsv(csv, { ...declared, features: ['x'] as never })).toThrow(
      'Expected an object for parseCsv.features, with a key for each, received ["x"].',
    );
  });

  it('may be a table or a stream, for other rows of the same kind', () => {
    expect(fromRows(rows, table).size).toBe(4);
    expect(data.fromColumns({ x: [1], y: [0] }, data.tableStream([table])).size).toBe(1);
  });
});
