import { createSuite } from '@polytask/study';
import { expect, it } from 'vitest';
import { initialSetup } from './setup.ts';
import { suiteOfSetup } from './suite-of-setup.ts';

it('declares a suite that the command line reads, with the same models and sizes', async () => {
  const setup = {
    ...initialSetup,
    models: ['ple', 'adatt-without-residual'],
    tasks: 3,
    labels: 0.1,
    width: 48,
    levels: 3,
  };
  const suite = suiteOfSetup(setup, undefined);
  expect(JSON.parse(JSON.stringify(suite))).toEqual(suite);
  const { settings, models, seeds, baseline } = await createSuite({ suite });
  expect(settings[0]!.data).toMatchObject({ tasks: 3, labelRate: [0.1, 1, 1] });
  expect(settings[0]!.size).toMatchObject({ levels: [48, 24, 12], experts: 4 });
  expect(models.map(({ label, network }) => [label, network])).toEqual([
    ['ple', {}],
    ['adatt-without-residual', { residual: false }],
  ]);
  expect([seeds, baseline]).toEqual([[1, 2, 3, 4, 5], 'ple']);
});

it('extends the document of a table, beside which the command finds the CSV file', () => {
  expect(suiteOfSetup(initialSetup, 'people')).toMatchObject({ extends: 'people.json', baseline: 'single-task' });
});
