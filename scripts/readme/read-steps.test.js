import { expect, test } from 'vitest';
import { readSteps } from './read-steps.js';

/** @param {string} text @param {string} [before] */
const shell = (text, before = '') => `${before}\n\n\`\`\`sh\n${text}\n\`\`\`\n`;

test('the lines of a shell block are commands, with their lines in the file', () => {
  expect(
    readSteps(`# Title${shell('npm install polytask\n\n# a remark\nnpx polytask \\\n  bench   # minutes')}`),
  ).toEqual([
    { kind: 'command', line: 4, command: 'npm install polytask', inClone: false },
    { kind: 'command', line: 8, command: 'npx polytask \\\n  bench   # minutes', inClone: false },
  ]);
});

test('commands for a clone are marked, and only the block after these words', () => {
  const steps = readSteps(
    shell('npm ci', 'Try it.\n\nIn a clone of this repository:') + shell('npx polytask', 'Then:'),
  );
  expect(steps.map((step) => step.kind === 'command' && [step.command, step.inClone])).toEqual([
    ['npm ci', true],
    ['npx polytask', false],
  ]);
});

test('code is saved and run as the paragraph before it says', () => {
  expect(readSteps('A model. Save it as `a.mjs` and run\n`node a.mjs`:\n\n```ts\nlet a = 1;\n```\n')).toEqual([
    { kind: 'text', line: 4, path: 'a.mjs', text: 'let a = 1;\n' },
    { kind: 'command', line: 4, command: 'node a.mjs', inClone: false },
  ]);
});

test('code that no paragraph explains is a fault; data is no code', () => {
  const earlier = 'Save it as `a.mjs` and run `node a.mjs`.\n\nAnother paragraph.';
  expect(readSteps(`${earlier}\n\n\`\`\`js\na;\n\`\`\`\n\n\`\`\`json\n{}\n\`\`\`\n`)).toEqual([
    { kind: 'fault', line: 5, message: expect.stringContaining('run `COMMAND`') },
  ]);
});

test('a file to save comes in its place among the commands', () => {
  const steps = readSteps(
    `${shell('a')}\nSave [\`p.csv\`](examples/p.csv) here.${shell('b')}\nSave [\`q.csv\`](q.csv).\n`,
  );
  expect(steps.map(({ kind, line }) => [kind, line])).toEqual([
    ['command', 4],
    ['download', 7],
    ['command', 10],
    ['download', 13],
  ]);
});

test('a file of data is saved, and a block that says why is left out', () => {
  const suite = 'The suite. Save it as `suite.json`:\n\n```json\n{}\n```\n';
  expect(readSteps(`${suite}\n\`\`\`sh not run: needs Slurm\nsbatch a\n\`\`\`\n`)).toEqual([
    { kind: 'text', line: 4, path: 'suite.json', text: '{}' },
    { kind: 'omission', line: 8, reason: 'needs Slurm' },
  ]);
});
