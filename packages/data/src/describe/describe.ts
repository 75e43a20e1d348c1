import { readOptions } from '@polytask/components';
import { PolytaskError } from '@polytask/core';
import type { CsvFileOptions } from '../csv/csv-options.ts';
import { type FileSource, nameOf } from '../csv/open-source.ts';
import { parseCsv } from '../csv/read-csv.ts';
import { describedTasks, type Declaration, taskNeeds } from '../declarations/declaration.ts';
import type { FeatureDeclaration } from '../declarations/features.ts';
import { categorical, multiValued } from '../declarations/kinds.ts';
import { readerOf } from '../readers/readers.ts';
import { joinSamples } from '../sampling/join-samples.ts';
import { csvSampler } from '../sampling/sample-csv.ts';
import type { TableSample } from '../sampling/table-sample.ts';
import type { Table } from '../table/table.ts';
import { describeSample, type SampledFile } from './describe-sample.ts';
import {
  describeFileOptions,
  type DescribeFileOptions,
  describeOptions,
  type DescribeOptions,
  type Description,
} from './description.ts';

/**
 * Describes a CSV text. It finds the delimiter, the names and the missing values, chooses a use for each column, proposes tasks,
 * and looks for columns that give a label away. A sentence explains each guess. Of a long text, it looks at rows from all of it.
 *
 * @returns plain data; `dataset` is the JSON document that `openDataset` and `polytask bench` read
 * @throws PolytaskError for a text without rows, for bytes that are no text, and for an unclosed quote. Also for a name in `tasks`
 * without a column, or whose column can't be a label, and for a `split` by a column that isn't there
 * @example
 * const { dataset, columns, warnings } = describeCsv('age,state,income\n41,Utah,yes\n17,Ohio,no\n29,Iowa,no\n');
 * dataset.tasks; // { income: { kind: 'binary', positive: 'yes' } }
 */
export function describeCsv(text: string, options: DescribeOptions = {}): Description {
  readOptions(options, describeOptions, 'describeCsv');
  const { files = 'data.csv', encoding = 'utf-8', name = [options.files ?? 'the text'].flat().join(', ') } = options;
  const sampler = csvSampler(name, options);
  sampler.push(text);
  const first = firstDescription({ ...sampler.end(), encoding }, { ...options, files, name });
  if (!first.declaration) return first.description;
  const { encoding: _, ...declaration } = first.declaration;
  try {
    first.add(parseCsv(text, declaration));
    return first.again();
  } catch (error) {
    return first.unread(error);
  }
}

/**
 * Describes a file as {@link describeCsv} describes a text: by the reader of its ending, else as a CSV. It reads all of
 * a CSV or of JSON lines, and keeps rows from all of it. It then reads all labels, so that no class is missing. Runs in browsers, too.
 *
 * @param source a path or `file:` URL (in Node), an `http:` URL, or a Blob; several for the files of one table
 * @param options `encoding`: UTF-16 by its byte order mark, else UTF-8, else windows-1252 by default
 * @throws PolytaskError as {@link describeCsv} does; also for a file that can't be read, is damaged, or has another encoding
 * @example
 * const { dataset, sample } = await describeFile('people.csv.gz');
 * sample.rows < sample.total; // true for a large file
 */
export async function describeFile(
  source: FileSource | readonly FileSource[],
  options: DescribeFileOptions = {},
): Promise<Description> {
  const { format, ...given } = readOptions(options, describeFileOptions, 'describeFile');
  const sources = [source].flat() as FileSource[];
  const own = sources.map((each) => nameOf(each, 'data.csv'));
  const { files = own.length === 1 ? own[0]! : own, name = own.join(', ') } = given;
  const opened = sources.map((each, i) => {
    const its = sources.length === 1 ? name : own[i]!;
    return { source: each, name: its, reader: readerOf([files].flat()[i] ?? own[i]!, format) };
  });
  const samples = await Promise.all(
    opened.map((each) => each.reader.sample(each.source, { ...given, name: each.name })),
  );
  const sample = joinSamples(samples, own);
  const first = firstDescription(sample, { ...given, format, files, name });
  if (!first.declaration) return first.description;
  try {
    for (const each of opened) {
      const stream = await each.reader.stream(each.source, { ...first.declaration, name: each.name });
      for await (const table of stream.tables()) first.add(table);
    }
    return first.again();
  } catch (error) {
    return first.unread(error);
  }
}

/** Describes a sample, and `again` with the labels of all rows (read by `declaration`): a class of few rows is often not in the sample. */
function firstDescription(sample: TableSample, file: SampledFile) {
  const description = describeSample(sample, file);
  const features = sample.size === sample.total ? {} : labelColumnsOf(description);
  const found = new Map(Object.keys(features).map((name) => [name, new Set<string>()]));
  const declaration: (Declaration & CsvFileOptions) | undefined =
    found.size === 0 ? undefined : { ...description.dataset.csv, features, tasks: {} };
  return {
    description,
    declaration,
    add({ columns }: Table): void {
      for (const [name, texts] of found)
        for (const text of (columns.texts[name] ?? columns.lists[name]!).dictionary) texts.add(text);
    },
    /** The first description after an error: a warning in it says where rows can't be read. */
    unread(error: unknown): Description {
      if (error instanceof PolytaskError) return description;
      throw error;
    },
    again(): Description {
      for (const { name, values } of sample.columns) for (const text of values) found.get(name)?.delete(text);
      if ([...found.values()].every(({ size }) => size === 0)) return description;
      const columns = sample.columns.map((column) => ({ ...column, further: [...(found.get(column.name) ?? [])] }));
      return describeSample({ ...sample, columns }, file);
    },
  };
}

function labelColumnsOf({ dataset }: Description): Record<string, FeatureDeclaration> {
  const features: Record<string, FeatureDeclaration> = {};
  for (const [name, task] of Object.entries(describedTasks.read(dataset.tasks, 'tasks'))) {
    const [need] = taskNeeds(name, task);
    if (need!.kind === 'texts') features[need!.column] = categorical();
    if (need!.kind === 'lists') features[need!.column] = multiValued({ separator: need!.separator });
  }
  return features;
}
