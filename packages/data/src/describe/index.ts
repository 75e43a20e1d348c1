export { describeCsv } from './describe-csv.ts';
export { describeFile } from './describe-file.ts';
export type {
  ColumnDescription,
  DatasetDocument,
  DescribedFeature,
  DescribedTask,
  DescribeOptions,
  Description,
  LeftOut,
  TaskProposal,
} from './description.ts';
