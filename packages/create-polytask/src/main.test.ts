import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { main } from './main.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(path.join(tmpdir(), 'create-polytask-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs the command without a terminal. */
async function run(...argv: string[]) {
  let [out, err] = ['', ''];
  const code = await main(argv, {
    stdin: {},
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  });
  return { code, out, err };
}

it('creates a project without a terminal, and says what to do next', async () => {
  const folder = path.join(directory, 'parts');
  const { code, out, err } = await run(folder, '--template', 'component', '--kind', 'expert', '--name', 'parts/kan');
  expect([code, err]).toEqual([0, '']);
  expect(existsSync(path.join(folder, 'src/kan.ts'))).toBe(true);
  expect(out).toContain(`cd ${folder}\n  npm install\n  npm test`);
  const again = await run(folder, '--template', 'component', '--kind', 'expert', '--name', 'parts/kan');
  expect(again).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('error: Expected an empty folder') as string,
  });
});

it('asks nothing without a terminal: what is missing is an error that names the flag', async () => {
  const { code, err } = await run(path.join(directory, 'a'));
  expect(code).toBe(1);
  expect(err).toContain('Pass --template compare|component.');
  expect(existsSync(path.join(directory, 'a'))).toBe(false);
});

it('explains its flags, and refuses others', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out).toContain('--kind <kind>');
  expect(await run('--kidn', 'expert')).toMatchObject({ code: 2, err: expect.stringContaining('--kind') as string });
  expect((await run('one', 'two')).code).toBe(2);
});
