export { describeCsv, describeFile } from './describe.ts';
export type {
  ColumnDescription,
  DatasetDocument,
  DescribedKind,
  DescribeOptions,
  Description,
  LeftOut,
  TaskProposal,
} from './description.ts';
