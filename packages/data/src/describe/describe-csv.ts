import { readOptions, checks, PolytaskError, type Options } from '@polytask/core';
import { anything, text as someText, texts } from '../options/checks.ts';
import { describedSplit } from '../dataset/dataset-file.ts';
import { describeSample } from './describe-sample.ts';
import type { DescribeOptions, Description } from './description.ts';
import { labelCollector, labelsToRead } from './further-labels.ts';
import { parseCsv } from '../csv/read-csv.ts';
import { csvSampler } from '../sampling/sample-csv.ts';

const { flag, optional, wholeNumber } = checks;

/** The checks of the options of `describeCsv` and `describeFile`. */
export const DESCRIBE_OPTIONS: Options<DescribeOptions> = {
  rows: optional(wholeNumber(1)),
  tasks: optional(texts),
  split: optional(checks.custom(describedSplit)),
  delimiter: optional(someText),
  header: optional(flag),
  encoding: optional(someText),
  files: optional(someText),
  name: anything,
};

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
  readOptions(options, DESCRIBE_OPTIONS, 'describeCsv');
  const { files = 'data.csv', encoding = 'utf-8', name = options.files ?? 'the text', tasks, split } = options;
  const sampler = csvSampler(name, options);
  sampler.push(text);
  const sample = { ...sampler.end(), encoding };
  const told = { files, name, tasks, split };
  const described = describeSample(sample, told);
  const labels = labelsToRead(described);
  if (!labels) return described;
  const collector = labelCollector(labels);
  try {
    const { encoding: _, ...declaration } = labels;
    collector.add(parseCsv(text, declaration));
  } catch (error) {
    if (error instanceof PolytaskError) return described; // a warning says where rows can't be read
    throw error;
  }
  return describeSample(collector.addedTo(sample), told);
}
