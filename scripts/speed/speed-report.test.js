import { expect, test } from 'vitest';
import { inPage, speedReport, speedTable } from './speed-report.js';

/** @param {string} model @param {number} median @param {string} what */
const line = (model, median, what = 'train step') => ({
  framework: 'torch 2',
  model,
  config: 'A',
  threads: 2,
  what,
  batch: 1024,
  median,
});

const comparison = {
  date: '2026-11-24T20:00:00.000Z',
  commit: 'abc1234',
  machine: { cpu: 'Some CPU', cores: 2, memory: 8, os: 'Some Linux', load: 0.1 },
  versions: { node: '20.1.0' },
  seconds: 2,
  turns: [
    {
      round: 1,
      ours: [line('att_sp', 5), line('att_sp', 4, 'matrix products')],
      peers: [line('att_sp', 20), line('att_sp_stacked', 4)],
    },
    {
      round: 2,
      ours: [line('att_sp', 5), line('att_sp', 3, 'matrix products')],
      peers: [line('att_sp', 30), line('att_sp_stacked', 4)],
    },
  ],
};

test('the report says on what, and the table has a line for each measurement', () => {
  const report = speedReport(comparison);
  expect(report).toContain(
    '2026-11-24, commit abc1234. Some CPU, 2 cores, 8 GB, Some Linux; load 0.10 as it began. node 20.1.0, torch 2. 2 rounds',
  );
  const [head, ...lines] = speedTable(comparison).trim().split('\n');
  expect(lines).toEqual(['A,2,train step,att_sp,1024,5,25,5,4,6,4,0.8,0.70']);
  expect(head?.split(',')).toHaveLength(13);
});

test('what is lost is said', () => {
  expect(speedReport(comparison)).toContain('Slower than the library: nowhere.');
  expect(speedReport(comparison)).toContain(
    'Slower than the library by hand: A, 2 threads, att_sp, train step of 1024 (att_sp_stacked: 0.8).',
  );
});

test('the report takes the place of the last one in a page', () => {
  const page = '# Title\n<!-- compare-speed: begin -->\nold\n<!-- compare-speed: end -->\nrest\n';
  const once = inPage(page, 'new');
  expect(once).toBe('# Title\n<!-- compare-speed: begin -->\nnew\n<!-- compare-speed: end -->\nrest\n');
  expect(inPage(once, 'new')).toBe(once);
  expect(() => inPage('# Title\n', 'new')).toThrow('no place for the report');
});
