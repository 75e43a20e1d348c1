import {
  labelsOf,
  emptyBatch,
  madeUpLabel,
  BATCH_PARTS,
  featureParts,
  isIndexPart,
  type Batch,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';

/**
 * A batch that fits the schema of a model, with different rows and a label of each task in each row. Four rows are a group.
 * Numbers are between −1 and 1, and ids are the first two rows of their field.
 *
 * @example const batch = probeBatch(model, 8);
 */
export function probeBatch<T extends Tasks>(model: MultiTaskModel<T>, rows: number): Batch {
  const { layout, schema, taskNames } = model;
  const batch = emptyBatch(rows, layout, taskNames);
  batch.numeric.forEach((_, i) => (batch.numeric[i] = Math.sin(1 + 7 * i)));
  batch.bagWeights.fill(1);
  for (const place of layout.places) {
    for (const { part, column, width, offset } of featureParts(place)) {
      if (!isIndexPart(part)) continue;
      const columns = BATCH_PARTS[part].width(layout);
      for (let row = 0; row < rows; row++) {
        for (let c = column; c < column + width; c++) batch[part][row * columns + c] = offset + ((row + c) % 2);
      }
    }
  }
  for (const task of taskNames)
    labelsOf(batch, task).labels.forEach((_, row, labels) => {
      labels[row] = madeUpLabel(schema.tasks[task]!, Math.cos(row));
    });
  batch.weights.fill(1);
  return { ...batch, groups: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 4)) };
}
