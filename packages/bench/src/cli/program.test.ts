import { expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { COMMANDS } from './commands.ts';
import { GUESSES } from './guesses.ts';
import { main, EXAMPLES, programOf } from './main.ts';

const { io } = capturedIo();
const invocation = { ...io, rowsOut: io.stdout, plugins: [], exit: () => {} };
const program = await programOf(invocation);
const commands = [program, ...program.commands];

/** The options that users see, with their command. */
const options = commands.flatMap((command) =>
  command.options.filter(({ hidden }) => !hidden).map((option) => ({ command: command.name(), option })),
);

/** A text up to the first colon, semicolon or bracket: the meaning of an option, without what a command adds. */
const meaningOf = (description: string): string => /^[^:;(]*/.exec(description)![0].trim();

/** The keys that have several values. */
function several(pairs: readonly (readonly [key: string, value: string])[]): Record<string, string[]> {
  const valuesOf = (key: string) => [...new Set(pairs.flatMap(([other, value]) => (other === key ? [value] : [])))];
  const keys = [...new Set(pairs.map(([key]) => key))];
  return Object.fromEntries(keys.map((key) => [key, valuesOf(key)] as const).filter(([, all]) => all.length > 1));
}

test('an option has one meaning in all commands, and a meaning has one name', () => {
  const pairs = options.map(({ option }) => [option.long!, meaningOf(option.description)] as const);
  expect(pairs.length).toBeGreaterThan(150);
  expect(several(pairs)).toEqual({});
  expect(several(pairs.map(([name, meaning]) => [meaning, name]))).toEqual({});
});

test('a letter stands for one option, and this option has it in all commands', () => {
  const short = options.map(({ option }) => [option.long!, option.short ?? ''] as const);
  expect(several(short)).toEqual({});
  expect(several(short.filter(([, letter]) => letter !== '').map(([long, letter]) => [letter, long]))).toEqual({});
  const letters = new Set(short.map(([, letter]) => letter));
  for (const letter of ['-o', '-d', '-m', '-s', '-w']) expect(letters).toContain(letter);
});

test('a plural takes a list, and the singular of an option is another option', () => {
  for (const { command, option } of options) {
    if (['--models', '--balancers', '--experts', '--gates'].includes(option.long!))
      expect([command, option.flags]).toEqual([command, expect.stringMatching(/<names>$/)]);
  }
});

test('every command has examples, which it can read, as it can the lines for the names of other tools', async () => {
  const examples = Object.values(COMMANDS).flatMap((group) => Object.values(group).map((command) => command.examples));
  const guessed = [...GUESSES.values()].flatMap((guess) => guess.match(/(?<=`)polytask [^`]+/g) ?? []);
  expect(examples.every((lines) => lines.length > 0)).toBe(true);
  for (const line of [...EXAMPLES, ...examples.flat(), ...guessed]) {
    const [, name, ...words] = [...line.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word);
    const command = (await programOf(invocation, [name!])).commands.find((each) => each.name() === name)!;
    const { unknown } = command.parseOptions(words);
    expect([line, unknown.filter((word) => word !== '--import' && !word.startsWith('./'))]).toEqual([line, []]);
    const earlier = command.options.filter(({ hidden }) => hidden).map(({ long }) => long);
    expect([line, words.filter((word) => earlier.includes(word))]).toEqual([line, []]);
  }
});

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  return { code: await main(argv, io), out: out(), err: err() };
}

test('the names of other tools are answered with those of this one', async () => {
  const said = async (...argv: string[]) => (await run(...argv)).err;
  expect(await said('tune', 'people.json')).toMatch(
    /^error: unknown command 'tune'\nTo search for hyper-parameters: `polytask train/,
  );
  expect(await said('train', 'people.json', '--lr=0.1')).toMatch(
    /^error: unknown option '--lr=0.1'\nThe learning rate is `--learn/,
  );
  expect(
    await said('train', 'examples/own-data/people.json', '--allow-files-outside', '--out', 'x', '--model', 'xgboost'),
  ).toMatch(/^error: .*received "xgboost"\nPolytask has boosted trees of its own: the model `gradient-boosting`/);
  expect(await said('evaluate', 'model', 'rows.csv', '--metric', 'f1')).toContain('Did you mean --metrics?');
  expect(await said('calibrate', 'model', 'rows.csv', '--out', 'x')).toMatch(
    /^error: unknown option '--out'\n`calibrate` writes to the folder of the model\./,
  );
  expect(await said('drift', 'model', 'rows.csv', '--out', 'x')).not.toContain('calibrate');
  expect(await said('constructor')).toMatch(/^error: unknown command 'constructor'\n\(polytask --help/);
});

test('help has examples and --import, its own options before shared ones, and lines of at most 80 characters', async () => {
  for (const command of commands) {
    const { code, out } = await run(...(command === program ? [] : [command.name()]), '--help');
    expect([command.name(), code]).toEqual([command.name(), 0]);
    expect(out).toContain('\nExamples:\n  polytask ');
    expect(out).toContain('--import <names>');
    const [text] = out.split('\nExamples:\n');
    expect([command.name(), text!.split('\n').filter((line) => line.length > 80)]).toEqual([command.name(), []]);
  }
  const { out } = await run('train', '--help');
  const places = [
    '--out <dir>',
    'Training:',
    '--epochs',
    'Reading data:',
    '--max-rows',
    'Global Options:',
    'Examples:',
  ];
  expect(places.map((part) => out.indexOf(part))).toEqual(
    places.map((part) => out.indexOf(part)).toSorted((a, b) => a - b),
  );
  expect(out).not.toContain('--resume');
});
