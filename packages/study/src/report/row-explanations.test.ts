import { binary, type Task } from '@polytask/core';
import { temperature } from '@polytask/core/calibration';
import { expect, test } from 'vitest';
import { type ExplainedRows, rowExplanations } from './row-explanations.ts';
import { renderText } from './terminal.ts';

const explained = (rich: Task): ExplainedRows => {
  const output = { prediction: 0.25, value: -3.2, base: -1, contributions: { age: -2.2 } };
  const tasks = { rich: { scale: 'log-odds' as const, outputs: [output] } };
  return {
    ...{ method: 'trees', background: 0, source: null },
    schema: { rich },
    rows: [{ row: 'line 2', values: { age: 41 }, tasks }],
  };
};

test('log-odds are of the probability that is shown, or before its calibration', () => {
  const sentence = (says: string) => `rich: 25%, log-odds −3.2${says} (base value −1, contributions −2.2).`;
  const text = (task: Task) => renderText(rowExplanations('people', explained(task)), { width: 200 });
  expect(text(binary())).toContain(sentence(''));
  const calibrated = { calibration: temperature({ temperature: 2 }) };
  expect(text({ ...binary(), calibrated })).toContain(sentence(' before the calibration'));
});
