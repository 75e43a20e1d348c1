import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEALT } from '../../../../cases.base.ts';

it('the promises that npm test deals out are promises of the kit', () => {
  const source = new URL('../', import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const kit = files.map((file) => readFileSync(new URL(file, source), 'utf8')).join('\n');
  expect(DEALT.filter((name) => !kit.includes(`'${name}'`))).toEqual([]);
});
