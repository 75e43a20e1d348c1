import { testMetric, type LabeledPrediction } from '@polytask/testing';
import * as runner from 'vitest';
import { myComponent } from './my-component.ts';

const error = ({ label, prediction }: LabeledPrediction) => Math.abs(label - prediction[0]!);

/** The metric once more, in a plain loop. */
const definition = (rows: readonly LabeledPrediction[]) => rows.reduce((sum, row) => sum + error(row), 0) / rows.length;

testMetric(myComponent, { definition, runner });
