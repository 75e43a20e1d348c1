import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { columnsOf, readPackageData, readSerialized } from './r-data.js';

/*
 * Written by R 4.5: people <- data.frame(id = c(3L, NA), share = c(.1, NA), kind = factor(c(NA, 'b, "c"'), c('a', 'b, "c"')), name = c('Zoë', NA),
 * day = as.Date(c('2016-07-02', NA)), at = as.POSIXct(c('2017-01-01 06:00:42', NA), tz = 'UTC'), yes = c(TRUE, NA)), by
 * save(people, compress = 'gzip') and by tools:::makeLazyLoadDB, which packs by zlib (compress = TRUE) or by xz (compress = 3).
 */
const RDA =
  'H4sIAAAAAAAAAwtyiTDmiuBiYGBgZmBhBZJAzMDAGhripmvBwMDCBOQwMrAwcAJptoLU/IKcVKAaYSCPHYh5gRikgrmBAQz4QHz7nTNBYFb9B5AQ+yKgNFgdVA0Tuqk5qWWpOcVAlgBYFiLKmAiTTtJRUEpWQtPEmpyTWAzTAzcpLTG5JL8IyPoHN42hASTDEpV/eDWQ5vwPBED3gN3pcGEa2EEId4KsYP6PZiqLS2JJKsRMiD7Ha1Jqhxpw6oP5gD3AP9gzIrkE5jgwtwTdHyVV+XmpaDYyh4Y4Qz3BBQ1gRkjgoerNS8xNhYUBO1SQKTMFJl2ckViUCvNEdmYeTIIFpA9mVUpiJUxnIsypzJUgY7EGBldKYkmiXloRyARU13AW5ZfrwVwEj29gcP+DeuUfAJSrRvpqAgAA';
const INDEX =
  'H4sIAAAAAAAAA4vgYmBgYGZgYQWSQMzAwBoa4qZrwcDAJAyWgNCMQMwLxEwMYMCowcDAwgQWZ2HgBGnKS8xNLQYyBJAE2QpS8wtyUoGsf1BjGCDaGP9DVTJA5Bi4oFYwoskzQ03iLEssykxMygFaARHgKkpNSy1KzUtGiCTn5xYUpRYXp6aADAUA8ApujdcAAAA=';
const VALUES =
  'AAACS3icdVGxSsRAEH2X3RgSUAQ7K7nCSq+2U1EEKwXv4LBbkz08jAkki3I25isELW39Alv9ASu/wy+4ldlkIhe87WbevDfvzY4jAALSB4QPAP5oeLK7B4gNAAGAVQAeDVVwb43q/fdnei+PP9QKXgHh5poZD5DE6UEiBLCS6judlgDWHVp3e4rhq52tftzvkPw4VSVzWqWJik1eAJi3aqgIkZf55xuA0FprAeF8Hnw9OUN/PmmFZzuq8lgZXWvWvMPvze2PaimPEwTnZxen49iwOVeabg7zkGe6s1GMhkdNiKg5cK8+3iI3U7eabxA0TW+aMFxeq0JziJtpxoAkHq9K1IyZynBzRrL/HiNKlFGDSUEKi27CIr8fsKP2v621FGP+C5bLTFE=';
const XZ_INDEX =
  'H4sIAAAAAAAAA4vgYmBgYGZgYQWSQMzAwBoa4qZrwcDAJAyWgNCMQMwLxEwMYMAoxMDAwgQWZ2HgBGnKS8xNLQYyBJAE2QpS8wtyUoGsf1BjGCDaGP9DVTJA5Bj4QLocOKAiqGqYoaZxliUWZSYm5QCtgQhwFaWmpRal5iUjRJLzcwuKUouLU1NABgMASmdkFNsAAAA=';
const XZ_VALUES =
  'AAACS1rgAkoBBV0ALAJ8Gfmv9B1JtBBW10c663Prn/loDyJLCjk3coxDaXw/Q36EcUkzKJslTvmpScAYCrxdQghB8TBHeqmR74u1BnJFHDmRyACHYRTNb+iXMOrty2sHHu1Mh2VBDIXbuwzHZDSkYhZJWGZF5aEy4zCPajkjGZrvUhriyXF5xgrmI0xMquHIZHtukIyq5pNbAFYK6N98x8vo7ihRehhIYBLJevWljWeUKF9h1KQIO+JStpIJn4vXjrSKOH7+X46Fpe8XQnNFnr7fOPZ1ZCGW0BQFcu8nOIorcKHXw6/oZBaJNqE1aOOGNZRSksygYDRHmrJp9zPXOE+N2VpBLqwGyQ08LP+YMyLHAA==';

const folder = mkdtempSync(path.join(tmpdir(), 'r-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An installed package. @param {string} name @param {Record<string, string>} files */
function installed(name, files) {
  const data = path.join(folder, name, 'data');
  mkdirSync(data, { recursive: true });
  for (const [file, base64] of Object.entries(files))
    writeFileSync(path.join(data, file), Buffer.from(base64, 'base64'));
  return path.join(folder, name);
}

test.each([
  ['an .rda file', { 'people.rda': RDA }],
  ['a database packed by zlib', { 'Rdata.rdx': INDEX, 'Rdata.rdb': VALUES }],
  ['a database packed by xz', { 'Rdata.rdx': XZ_INDEX, 'Rdata.rdb': XZ_VALUES }],
])('reads each kind of column of %s', (name, files) => {
  const found = installed(name, files);
  expect(columnsOf(readPackageData(found, 'people'))).toEqual({
    id: ['3', null],
    share: ['0.1', null],
    kind: [null, 'b, "c"'],
    name: ['Zoë', null],
    day: ['2016-07-02', null],
    at: ['2017-01-01T06:00:42.000Z', null],
    yes: ['true', null],
  });
  expect(() => readPackageData(found, 'persons', 'people')).toThrow(/Expected the object persons in .*, received none/);
});

test('names what it can not read', () => {
  expect(() => readSerialized(Buffer.from('A\n1\n'))).toThrow(
    'in the XDR form, received bytes that begin with "410a310a"',
  );
  const closure = Buffer.from([88, 10, 0, 0, 0, 2, 0, 4, 5, 0, 0, 2, 3, 0, 0, 0, 0, 3]);
  expect(() => readSerialized(closure)).toThrow('Expected the parts of a table, received R data of type 3 at byte 18');
});
