export { toTfDataset, type TfBatch } from './examples/to-tf-dataset.ts';
