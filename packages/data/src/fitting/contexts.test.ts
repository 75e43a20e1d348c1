import { binary } from '@polytask/core';
import { expect, it } from 'vitest';
import type { Declaration } from '../declarations/declaration.ts';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical, numeric } from '../declarations/kinds.ts';
import { datasetFromFiles } from '../dataset/open-dataset.ts';
import { mixTables } from '../mixing/mix-tables.ts';
import { csvStream } from '../streams/table-stream.ts';
import { fitStreamSchema } from '../streams/encode-stream.ts';
import { concatenate } from '../table/concatenate.ts';
import { joinTables } from '../table/join.ts';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';

const csv = 'tab,age,user,click\nhome,1,u,1\nsearch,2,v,0\nhome,3,u,1\n';
const declaration = { features: { tab: categorical(), age: numeric() }, tasks: { click: binary() }, keep: ['user'] };
const read = (more: Partial<Declaration> = {}) => parseCsv(csv, { ...declaration, ...more });
const context = ['tab'];

it('is in the schema of a table, of its parts and of what is encoded with it', () => {
  const table = read({ context });
  expect(fitSchema(table)).toEqual({ ...fitSchema(read()), context });
  expect(fitSchema(concatenate([table.subset([0, 1]), table])).context).toEqual(context);
  expect(encode(table, fitSchema(table)).schema.context).toEqual(context);
});

it('is not in the schema of a table without one', () => {
  for (const none of [read(), read({ context: [] })])
    expect(Object.keys(fitSchema(none))).toEqual(['features', 'tasks']);
});

it('may be a feature of a joined table', () => {
  const users = parseCsv('user,country\nu,NL\nv,UK\n', {
    features: { country: categorical() },
    tasks: {},
    keep: ['user'],
  });
  const views = read({ context: ['country', 'tab'] });
  expect(fitSchema(joinTables(views, users, 'user')).context).toEqual(['country', 'tab']);
  expect(() => fitSchema(views)).toThrow('received "country", which is no feature. Known: "tab", "age".');
});

it('is in the schema of a stream, and in that of a mixture if one of its tables has it', async () => {
  const stream = csvStream(new Blob([csv]), { ...declaration, context });
  expect((await fitStreamSchema(stream)).context).toEqual(context);
  const likes = parseCsv(csv.replace('click', 'like'), { ...declaration, tasks: { like: binary() }, context });
  expect(mixTables({ clicks: read(), likes }).schema.context).toEqual(context);
});

it('is a feature with one id, named once', () => {
  const fit = (names: string[]) => () => fitSchema(read({ context: names }));
  expect(fit(['age'])).toThrow(
    'Expected the context of the schema to be features with one id, each once, received "age", a numeric',
  );
  expect(fit(['tab', 'tab'])).toThrow('each once, received "tab"');
  expect(() => read({ context: 'tab' as never })).toThrow('Expected a list for parseCsv.context, received "tab".');
});

it('stands beside the tasks of a data set file, which is refused before its rows are read', async () => {
  const document = {
    files: 'views.csv',
    features: { tab: 'categorical', age: 'numeric' },
    tasks: { click: 'binary' },
    join: [{ files: 'users.csv', on: 'user', features: { country: 'categorical' } }],
    split: { kind: 'random' },
  };
  const files = { 'views.csv': new Blob([csv]), 'users.csv': new Blob(['user,country\nu,NL\nv,UK\n']) };
  const dataset = await datasetFromFiles({ ...document, context: ['country', 'tab'] }, files);
  expect(dataset.context).toEqual(['country', 'tab']);
  expect(dataset.parts(1).train.schema.context).toEqual(['country', 'tab']);
  expect((await datasetFromFiles(document, files)).parts(1).train.schema).not.toHaveProperty('context');
  await expect(datasetFromFiles({ ...document, context: ['contry'] }, {})).rejects.toThrow(
    'Expected one of "tab", "age", "country" for data set.context[0], received "contry". Did you mean "country"?',
  );
});
