import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialsOf } from '../testing/trial-of.ts';
import { measurement, valuesTable } from './measurement.ts';

test('the machines are those that ran the trials, not the one that writes the report', () => {
  const trials = trialsOf('single-task', { auc: [0.5, 0.6, 0.7] });
  const engineOf = (machines: readonly (string | undefined)[]) => {
    const ran = trials.map((trial, i) => ({ ...trial, ...(machines[i] !== undefined && { machine: machines[i] }) }));
    return measurement(summarize(ran), ran).find((line) => line.startsWith('Engine'));
  };
  expect(engineOf(['2 × A', '2 × A', '2 × A'])).toBe('Engine: cpu; 2 × A.');
  expect(engineOf(['2 × A', '4 × B', '2 × A'])).toBe('Engine: cpu; 2 × A (2 trials); 4 × B (1 trial).');
  expect(engineOf([undefined, undefined, '4 × B'])).toBe(
    'Engine: cpu; a machine that was not recorded (2 trials); 4 × B (1 trial).',
  );
});

test('plain data is a table of names and values', () => {
  const { rows } = valuesTable({ set: 'toy', rows: { train: 5, test: 2 }, tasks: ['a', 'b'], none: {}, file: null });
  expect(rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['set', 'toy'],
    ['rows.train', '5'],
    ['rows.test', '2'],
    ['tasks', 'a, b'],
    ['none', '{}'],
    ['file', 'null'],
  ]);
});

test('a table of trees alone says nothing of optimizers, epochs and experts', () => {
  const linesOf = (names: readonly string[]) => {
    const trials = names.flatMap((name) =>
      trialsOf(name, { auc: [0.5, 0.6] }).map((trial) => {
        const network = { kind: 'network', name, config: { numLeaves: 15 } };
        const epochs = name === 'adatt' ? 3 : 1;
        return { ...trial, epochs, config: { ...trial.config, model: { network, rate: 1 } } };
      }),
    );
    return measurement(summarize(trials), trials).join('\n');
  };
  const [trees, both] = [linesOf(['gradient-boosting']), linesOf(['gradient-boosting', 'adatt'])];
  for (const each of [trees, both])
    expect(each).toContain('Gradient boosting: gradient-boosting(numLeaves=15), for each task by itself.');
  expect(both).toContain('up to 3 epochs (3 were run)');
  for (const text of ['Training: adam', 'experts', 'epochs']) {
    expect(both).toContain(text);
    expect(trees).not.toContain(text);
  }
});

test('variants of boosting are named, with whose trees they have', () => {
  const trials = ['own', 'shared'].flatMap((trees) =>
    trialsOf(trees, { auc: [0.5, 0.6] }).map((trial) => {
      const network = { kind: 'network', name: 'gradient-boosting', config: { trees } };
      return { ...trial, config: { ...trial.config, model: { network, rate: 1 } } };
    }),
  );
  expect(measurement(summarize(trials), trials).join('\n')).toContain(
    'Gradient boosting: gradient-boosting(trees=own), for each task by itself; ' +
      'gradient-boosting(trees=shared), with the same splits for all tasks. It stops',
  );
});

test('splits of several seeds share rows, those of one seed share none', () => {
  const linesOf = (...auc: readonly number[]) => {
    const trials = trialsOf('adatt', { auc }).map((trial) => {
      const data = { ...trial.config.data, file: { files: 'a.csv' }, rows: { train: 80, validation: 10, test: 10 } };
      return { ...trial, config: { ...trial.config, data } };
    });
    return measurement(summarize(trials), trials).join('\n');
  };
  expect(linesOf(0.5, 0.6)).toContain('splits share rows');
  expect(linesOf(0.5)).not.toContain('splits share rows');
});
