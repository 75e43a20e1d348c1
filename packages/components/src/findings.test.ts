import { expect, test } from 'vitest';
import { anyFinding, commandLine, defineFinding } from './findings.ts';

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
    family: 'gradients',
  });
  expect(trees.message).toBe('The loss of a stays at 2. Look at the features of a.');
  expect(trees.family).toBe('trees');
  expect(unknown.message).toBe('The loss of a stays at 2.');
  expect(unknown).not.toHaveProperty('family');
});

test('a remedy is data, and a command or what a file should say is in the message', () => {
  const found = defineFinding<'column', { file: string }>('old', {
    says: ({ column }) => `${column} is old.`,
    remedy: ({ column, file }) =>
      file === ''
        ? { says: 'Split', dataset: { split: { column } } }
        : { says: 'Look', command: commandLine('cat', file) },
  });
  const [command, dataset] = [found({ column: 'day' }, { file: "a'b c" }), found({ column: 'day' }, { file: '' })];
  expect(command.message).toBe("day is old. Look: `cat 'a'\\''b c'`.");
  expect(command.remedy).toEqual({ command: "cat 'a'\\''b c'" });
  expect(dataset.message).toBe('day is old. Split: `{ "split": { "column": "day" } }`.');
  expect(dataset.remedy).toEqual({ dataset: { split: { column: 'day' } } });
  const trained = defineFinding<never>('slow', {
    says: () => 'Slow.',
    remedy: { says: 'Go on.', train: { epochs: 9 } },
  });
  expect(anyFinding.read(JSON.parse(JSON.stringify(trained({}, {}))), 'it')).toMatchObject({
    ...{ message: 'Slow. Go on.', remedy: { train: { epochs: 9 } } },
  });
});

test('a finding is JSON, and is read again; what is none is refused', () => {
  const found = flat({ task: 'a' }, { loss: 2 });
  expect(anyFinding.read(JSON.parse(JSON.stringify(found)), 'it')).toEqual(found);
  expect(() => anyFinding.read('few rows', 'notes[0]')).toThrow('notes[0]');
  expect(() => anyFinding.read({ ...found, severity: 'fatal' }, 'it')).toThrow('severity');
});
