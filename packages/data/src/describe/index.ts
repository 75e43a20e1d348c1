export { describeCsv, describeFile } from './describe.ts';
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
