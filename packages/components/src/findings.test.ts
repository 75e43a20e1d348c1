import { expect, test } from 'vitest';
import { anyFinding, defineFinding } from './findings.ts';

const flat = defineFinding<'task', { loss: number }>('my-package/flat', {
  says: ({ task, loss }) => `The loss of ${task} stays at ${loss}.`,
  remedy: { gradients: 'Take another learning rate.', trees: ({ task }) => `Look at the features of ${task}.` },
});

test('the sentences are those of the evidence, and advice is that of the family', () => {
  const rows = defineFinding<never>('rows', { severity: 'note', says: () => 'Few rows.', remedy: 'Add rows.' });
  expect(rows({}, {})).toEqual({
    kind: 'rows',
    severity: 'note',
    about: {},
    evidence: {},
    message: 'Few rows. Add rows.',
  });
  const [by, trees, unknown] = [
    flat({ task: 'a' }, { loss: 2 }, 'gradients'),
    flat({ task: 'a' }, { loss: 2 }, 'trees'),
    flat({ task: 'a' }, { loss: 2 }),
  ];
  expect(by).toEqual({
    ...{ kind: 'my-package/flat', severity: 'warning', about: { task: 'a' }, evidence: { loss: 2 } },
    message: 'The loss of a stays at 2. Take another learning rate.',
  });
  expect(trees.message).toBe('The loss of a stays at 2. Look at the features of a.');
  expect(unknown.message).toBe('The loss of a stays at 2.');
});

test('a finding is JSON, and is read again; what is none is refused', () => {
  const found = flat({ task: 'a' }, { loss: 2 });
  expect(anyFinding.read(JSON.parse(JSON.stringify(found)), 'it')).toEqual(found);
  expect(() => anyFinding.read('few rows', 'notes[0]')).toThrow('notes[0]');
  expect(() => anyFinding.read({ ...found, severity: 'fatal' }, 'it')).toThrow('severity');
});
