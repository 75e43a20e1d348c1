import { expect, test } from 'vitest';
import { codeBlocks, hasCode } from './code-blocks.js';

test('blocks know their lines and places, also in a list', () => {
  const page = '# Title\n\n```ts\na();\n```\n\n1. First:\n\n   ```sh\n   b\n     c\n   ```\n';
  const [first, second] = codeBlocks(page);
  expect(first).toMatchObject({ line: 4, language: 'ts', text: 'a();' });
  expect(second).toMatchObject({ line: 10, language: 'sh', text: 'b\n  c' });
  expect(page.slice(first?.start, first?.end)).toBe('```ts\na();\n```');
});

test('the words behind the language say what happens to a block', () => {
  expect(codeBlocks('```ts runs in examples/a.ts\n```\n\n```sh not run: needs Slurm\n```')).toMatchObject([
    { language: 'ts', runsIn: 'examples/a.ts' },
    { language: 'sh', notRun: 'needs Slurm' },
  ]);
  expect(() => codeBlocks('```ts skip\n```')).toThrow('received "skip"');
});

test('a file has the code of a block, however indented and exported', () => {
  const file = "import './a.ts';\n\n  export const a = 1;\n  b(a);\n";
  expect(hasCode(file, 'const a = 1;\nb(a);')).toBe(true);
  expect(hasCode(file, 'const a = 2;\nb(a);')).toBe(false);
});
