import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTokens, type Tokens } from './tokens.ts';

let directory: string;
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'polytask-tokens-'))));
afterAll(() => rm(directory, { recursive: true }));

const isTaken = (tokens: Tokens, header?: string) => {
  try {
    tokens.check(header);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ statusCode: 401, headers: { 'www-authenticate': 'Bearer' } });
    return false;
  }
};

it('takes each token of the file, as a bearer', async () => {
  const file = join(directory, 'tokens');
  await writeFile(file, 'first\n\n  second\r\n');
  const tokens = await openTokens(file, 1000, () => {});
  for (const header of ['Bearer first', 'bearer  second ']) expect(isTaken(tokens, header)).toBe(true);
  for (const header of [undefined, '', 'Bearer ', 'first', 'Basic first', 'Bearer firs', 'Bearer first second']) {
    expect(isTaken(tokens, header)).toBe(false);
  }
  tokens.close();
});

it('refuses a file that is not there, or has no token', async () => {
  const file = join(directory, 'none');
  await expect(openTokens(file, 1000, () => {})).rejects.toThrow(/a file of tokens.*ENOENT.*openssl rand/);
  await writeFile(file, ' \n');
  await expect(openTokens(file, 1000, () => {})).rejects.toThrow('received a file without a token');
});

it('reads a changed file again, and keeps the tokens when it is emptied', async () => {
  const file = join(directory, 'changing');
  const errors: unknown[] = [];
  await writeFile(file, 'old');
  const tokens = await openTokens(file, 10, (error) => errors.push(error));
  await writeFile(file, 'newer');
  await expect.poll(() => isTaken(tokens, 'Bearer newer'), { timeout: 20_000 }).toBe(true);
  expect(isTaken(tokens, 'Bearer old')).toBe(false);
  await writeFile(file, '');
  await expect
    .poll(() => errors.map(String), { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/The earlier tokens stay valid.*without a token/));
  expect(isTaken(tokens, 'Bearer newer')).toBe(true);
  tokens.close();
});
