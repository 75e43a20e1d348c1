import { expect, test } from 'vitest';
import { docsCommand } from './docs-command.js';

test.each([
  ['polytask bench census-income --data data/census --seeds 10 --out a', 'polytask bench synthetic --seeds 2 --out a'],
  ['polytask verify results --data data/census --trials 3', 'polytask verify --limit-rows 200 results --trials 3'],
  ['npm install @polytask/core', 'mkdir -p empty && npm install --prefix empty --dry-run @polytask/core'],
  ['curl -s localhost:8080/predict', 'curl -sf localhost:4000/predict'],
  ['npx polytask predict people-model rows.csv', 'npx polytask predict people-model rows.csv'],
])('%s is run as %s', (command, text) => expect(docsCommand(command, 4000)).toBe(text));

test('a service is started in the background, at the free port', () => {
  const text = docsCommand('npx polytask serve people-model --port 8080   # until Ctrl-C', 4000);
  expect(text).toMatch(/^node_modules\/\.bin\/polytask serve people-model --port 4000 > service\.log 2>&1 &\n/);
  expect(text).toContain('http://127.0.0.1:4000/ready');
});
