import { custom, listOf, optional, positive, text, wholeNumber } from '@polytask/components';
import { expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { argument, built, defineCommand, option, optionsOf, required, toggle } from './command.ts';
import { seedsIn } from './shared-options.ts';
import { bytes } from './worker-command.ts';

/** Runs a command that has an option of each form. */
async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  let values: object = {};
  const command = defineCommand({
    options: {
      sizes: argument('sizes', listOf(text)),
      rate: required('<x>', 'a number', positive),
      limitRows: option('<n>', 'a default', wholeNumber(1), 5),
      levels: option('<widths>', 'a list', listOf(wholeNumber(1))),
      word: { ...option('<word>', 'several times', listOf(text), []), isRepeated: true },
      bug: option(
        '<x>',
        'an error in a check',
        custom(() => Object.keys(undefined!)),
      ),
      ...optionsOf<{ folds?: number; shuffle?: boolean }>(() => Promise.resolve({ folds: optional(wholeNumber(2)) }))({
        folds: { place: '[k]', words: 'loaded', preset: '2' },
      }),
      quiet: toggle('nothing is printed'),
      json: toggle('all as JSON'),
    },
    run: async (given) => ((values = given), given.quiet ? undefined : { found: 1 }),
    document: ({ found }) => `${found}\n`,
    finish: (_, { rate }, { stderr }, document) => void stderr.write(`${rate} ${document}`),
  });
  const program = built('try', command, {
    ...io,
    rowsOut: io.stdout,
    plugins: [],
    exit: () => {},
    wholeProgram: async () => program,
  });
  program.exitOverride().configureOutput({ writeErr: io.stderr.write.bind(io.stderr) });
  await program.parseAsync(argv, { from: 'user' });
  return { values, out: out(), err: err() };
}

test('an option is read by its check: numbers, lists, what is there several times, defaults', async () => {
  const { values, out, err } = await run('8', '9', '--rate', '1e-3', '--levels', '128,64');
  expect(values).toEqual({ sizes: ['8', '9'], rate: 0.001, limitRows: 5, levels: [128, 64], word: [] });
  expect([out, err]).toEqual(['1\n', '0.001 1\n']);
  const more = await run('8', '--rate', '1', '--rate', '2', '--word', 'a,b', '--word', 'c', '--folds', '--quiet');
  expect(more).toEqual({
    values: { sizes: ['8'], rate: 2, limitRows: 5, word: ['a,b', 'c'], folds: 2, quiet: true },
    ...{ out: '', err: '' },
  });
  expect((await run('8', '--rate=1', '--json')).out).toBe('{\n  "found": 1\n}\n');
});

test.each([
  [['--rate', '0'], "option '--rate <x>' is invalid. Expected a number above 0 for --rate, received 0"],
  [['--rate', 'fast'], 'Expected a number above 0 for --rate, received "fast"'],
  [['--rate', ''], 'for --rate, received ""'],
  [['--rate', '1', '--limit-rows', '1.5'], 'Expected a whole number of 1 or more for --limit-rows, received 1.5'],
  [['--rate', '1', '--levels', '8,x'], 'for --levels[1], received "x"'],
  [['--rate', '1', '--levels', '8', '--levels=9'], "option '--levels <widths>' is there twice. Write it once"],
  [['--rate', '1', '--folds', '1'], 'Expected a whole number of 2 or more for --folds, received 1'],
  [[], "required option '--rate <x>' not specified"],
])('%j is refused with the option and what was expected', async (argv, message) => {
  await expect(run('8', ...argv)).rejects.toThrow(message);
});

test("an error that isn't the user's goes through", async () => {
  await expect(run('8', '--rate', '1', '--bug', 'x')).rejects.toThrow(TypeError);
});

test('seeds: how many, a list, a range', () => {
  expect(['3', '4, 7', '6-8', '7-7'].map(seedsIn)).toEqual([[1, 2, 3], [4, 7], [6, 7, 8], [7]]);
});

test.each(['0', 'x', '-1', '1,', '1.5', '', '3-1', '2,2'])(
  'seeds "%s" is refused with what was expected',
  (written) => {
    expect(() => seedsIn(written)).toThrow(/^Expected/);
  },
);

test('sizes', () => {
  expect(['500MB', '1.5GB'].map(bytes)).toEqual([5e8, 1.5e9]);
  for (const written of ['500', '0GB', '-1GB', 'GB', '1 GB', '1gb'])
    expect(() => bytes(written)).toThrow(`Expected a size in MB or GB, received "${written}"`);
});
