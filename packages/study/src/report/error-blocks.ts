import { sum } from '@polytask/components';
import type { TaskEvaluation } from '../evaluation/evaluate-predictions.ts';
import { formatCount, formatShare as percent } from '../format.ts';
import * as doc from './blocks.ts';

/** A number of a task in its unit, with three significant digits. */
export const digits = (value: number): string => {
  if (Number.isNaN(value)) return '–';
  return Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
};

/** The errors of a task: the confusion matrix of classes and decisions, the residuals of a number. */
export const errorBlocks = ({ task, isWeighted, confusion, residuals }: TaskEvaluation): doc.Blocks => [
  confusion && [
    doc.rows(
      [`label of ${task}`, ...confusion.classes.map((name) => `predicted ${name}`), 'recall'],
      confusion.counts.map((row, label) => {
        return [confusion.classes[label]!, ...row.map(formatCount), percent(row[label]! / sum(row))];
      }),
    ),
    isWeighted && doc.note('Each cell is a sum of sample weights, not a number of rows.'),
  ],
  residuals && [
    doc.rows(
      [`${task}: label − prediction`, 'mean', '5%', '25%', 'median', '75%', '95%'],
      [['', ...[residuals.mean, ...residuals.quantiles].map(digits)]],
    ),
    doc.note(
      `The predictions of ${task} add up to ${digits(residuals.predictedTotal)}, the labels to ${digits(residuals.total)}${isWeighted ? ', by sample weight' : ''}.`,
    ),
  ],
];
