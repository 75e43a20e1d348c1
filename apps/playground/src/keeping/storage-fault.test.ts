import { expect, it } from 'vitest';
import { megabytes, noRoomFor, storageFault } from './storage-fault.ts';

it('says which storage is full, and which is forbidden', () => {
  expect(storageFault(new DOMException('', 'QuotaExceededError'), 'This comparison')).toMatch(
    /^This comparison is not kept, .* is full/,
  );
  expect(storageFault(new DOMException('', 'SecurityError'), 'people.csv')).toContain('private window (SecurityError)');
  expect(storageFault('odd', 'people.csv')).toContain('as in a private window. The page works on');
});

it('says that a file has no room, with both sizes', () => {
  const file = { name: 'big.csv', size: 104_000_000 };
  expect(noRoomFor(file, { quota: 60e6, usage: 20e6 })).toContain(
    'big.csv (104 MB) is not kept: this browser has room for 40 MB.',
  );
  expect(noRoomFor(file, { quota: 200e6, usage: 96e6 })).toBeUndefined();
  expect(noRoomFor(file, {})).toBeUndefined(); // a browser that doesn't say
  expect([megabytes(3), megabytes(2500), megabytes(2.4e6)]).toEqual(['1 kB', '3 kB', '2 MB']);
});
