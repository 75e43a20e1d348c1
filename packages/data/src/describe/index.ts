export { describeCsv } from './describe-csv.ts';
export { describeFile } from './describe-file.ts';
export * from './description.ts';
