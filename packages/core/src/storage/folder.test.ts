import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileParts } from './folder.ts';
import { openFolder } from './node.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));
const at = (...names: string[]) => join(directory, ...names);
const text = async (name: string) => new TextDecoder().decode(await openFolder(directory).read(name));

describe('the writers of a folder', () => {
  it('take turns', async () => {
    let writing = 0;
    const most = await Promise.all(
      Array.from({ length: 12 }, () =>
        openFolder(directory).write(async (writer) => {
          const now = ++writing;
          await writer.replace('count', String(Number(await text('count')) + 1));
          writing--;
          return now;
        }),
      ),
    );
    expect(Math.max(...most)).toBe(1);
    expect(await text('count')).toBe('12');
    expect(await readdir(directory)).toEqual(['count']);
  });

  it('let the next one write after an error', async () => {
    const folder = openFolder(directory);
    await expect(folder.write(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await folder.write((writer) => writer.replace('a', '1'));
    expect(await readdir(directory)).toEqual(['a']);
  });

  it("take a dead process's lock, and remove what it left", async () => {
    const dead = `${hostname()}~2147483647~0~x`; // above every process id of Linux
    await mkdir(at('.polytask-lock'));
    await writeFile(at('.polytask-lock', dead), '');
    await mkdir(at(`.polytask-lock~${dead}`));
    await writeFile(at('model.json.x.polytask-partial'), 'half');
    await writeFile(at('notes.txt'), 'mine');
    await openFolder(directory).write((writer) => writer.replace('a', '1'));
    expect((await readdir(directory)).sort()).toEqual(['a', 'notes.txt']);
  });
});

describe('a place that the system refuses', () => {
  const writeTo = (place: string) => openFolder(place).write((writer) => writer.replace('a', '1'));

  it('is named, with the reason', async () => {
    await writeFile(at('file'), '');
    await expect(writeTo(at('file', 'below'))).rejects.toThrow(
      `Can't write "${at('file', 'below')}" (ENOTDIR: not a directory, mkdir '${at('file', 'below')}'). See whether you may write there`,
    );
    await mkdir(at('folder', 'a', 'used'), { recursive: true });
    await expect(writeTo(at('folder'))).rejects.toThrow(`Can't write "${at('folder', 'a')}" (E`);
    expect(await readdir(at('folder'))).toEqual(['a']);
  });

  it.runIf(process.platform === 'linux')('is an error also where the parent says that it is not there', async () => {
    await expect(writeTo('/proc/nothing/model')).rejects.toThrow(`Can't write "/proc/nothing/model" (ENOENT`);
  });

  it('is created with all that it is in', async () => {
    await writeTo(at('one', 'two', 'three'));
    expect(await readdir(at('one', 'two', 'three'))).toEqual(['a']);
  });
});

describe('a large file of a folder', () => {
  const parts = [1, 2, 3].map((n) => new Uint8Array(2 ** 20 - n).fill(n));
  const total = 3 * 2 ** 20 - 6;
  const all = async ({ size, parts: read }: FileParts) => {
    const got: Uint8Array[] = [];
    for await (const part of read) got.push(part);
    expect(size).toBe(total);
    return Buffer.concat(got);
  };

  it('is written and read in parts', async () => {
    const folder = openFolder(directory);
    expect(await folder.readParts('a', all)).toBeUndefined();
    await folder.write((writer) => writer.replace('a', parts));
    expect((await folder.readParts('a', all))!.equals(Buffer.concat(parts))).toBe(true);
    expect((await readFile(at('a'))).equals(Buffer.concat(parts))).toBe(true);
  });

  it('is read as it was at the start, also when it is replaced meanwhile', async () => {
    const folder = openFolder(directory);
    await folder.write((writer) => writer.replace('a', parts));
    const read = await folder.readParts('a', async (file) => {
      await folder.write((writer) => writer.replace('a', 'new'));
      return all(file);
    });
    expect(read!.equals(Buffer.concat(parts))).toBe(true);
    expect(await text('a')).toBe('new');
  });

  it('stays as it was when a part fails', async () => {
    const folder = openFolder(directory);
    await folder.write((writer) => writer.replace('a', 'old'));
    const failing = function* () {
      yield parts[0]!;
      throw new Error('no more');
    };
    await expect(folder.write((writer) => writer.replace('a', failing()))).rejects.toThrow('no more');
    expect(await text('a')).toBe('old');
    expect(await readdir(directory)).toEqual(['a']);
  });
});

describe('a file of a folder', () => {
  it('is written into a directory that was not there; a missing one is read as undefined', async () => {
    const folder = openFolder(at('new', 'er'));
    expect(await folder.read('a')).toBeUndefined();
    await folder.write((writer) => writer.replace('a', Uint8Array.of(1, 2)));
    expect([...(await folder.read('a'))!]).toEqual([1, 2]);
  });

  it('stays, and nothing besides, when its replacement fails', async () => {
    await mkdir(at('a'));
    await expect(openFolder(directory).write((writer) => writer.replace('a', 'x'))).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['a']);
  });

  it.each([
    ['', ''],
    ['1\n2\n', '1\n2\n'],
    ['1\n2', '1\n'],
    ['cut', ''],
  ])('that ends in a cut line loses it with the next one: %j', async (before, kept) => {
    await writeFile(at('lines'), before);
    await openFolder(directory).write(async (writer) => {
      await writer.appendLine('lines', 'new');
      expect(await writer.size('lines')).toBe(kept.length + 4);
      expect(await writer.size('none')).toBe(0);
    });
    expect(await text('lines')).toBe(`${kept}new\n`);
  });

  it('loses a line that was cut within a character', async () => {
    const lines = Buffer.from('é\né');
    await writeFile(at('lines'), lines.subarray(0, -1));
    await openFolder(directory).write((writer) => writer.appendLine('lines', 'ü'));
    expect(await readFile(at('lines'), 'utf8')).toBe('é\nü\n');
  });
});
