import { createHash, timingSafeEqual } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fail, PolytaskError } from '@polytask/core';
import { HttpError } from './http-error.ts';

export type Tokens = Awaited<ReturnType<typeof openTokens>>;

/** Reads a file of tokens, one on each line, and again when it changes. @param interval in milliseconds */
export async function openTokens(file: string, interval: number, onError: (error: unknown) => void) {
  let hashes = await readTokens(file);
  const onChange = () => {
    readTokens(file).then(
      (read) => (hashes = read),
      ({ message }: Error) => onError(new PolytaskError(`The earlier tokens stay valid. ${message}`)),
    );
  };
  watchFile(file, { interval, persistent: false }, onChange);
  return {
    /** @param header the request's `Authorization` @throws HttpError (401) when it has none of the tokens */
    check(header = '') {
      const hash = hashOf(/^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '');
      if (hashes.map((each) => timingSafeEqual(each, hash)).includes(true)) return;
      const message = 'Expected the header "Authorization: Bearer TOKEN" with a token of this service.';
      throw new HttpError(401, message, { 'www-authenticate': 'Bearer' });
    },
    close: () => unwatchFile(file, onChange),
  };
}

async function readTokens(file: string): Promise<Buffer[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => error as Error);
  const tokens = text instanceof Error ? [] : text.split(/\s+/).filter(Boolean);
  if (tokens.length > 0) return tokens.map(hashOf);
  return fail({
    expected: `a file of tokens, one on each line, at ${file}`,
    received: text instanceof Error ? text.message : 'a file without a token',
    fix: 'Write a long random text to it, as `openssl rand -hex 32` makes one.',
  });
}

/** Hashes have one length, so that comparing them takes one time. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
