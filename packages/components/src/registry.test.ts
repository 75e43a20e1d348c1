import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { listOf, number, optional, positive, shaped, wholeNumber } from './checks.ts';
import {
  aboutOf,
  checkCopies,
  checkSpec,
  componentsOf,
  createSpec,
  define,
  registered,
  resolve,
  standardName,
  traitsOf,
} from './registry.ts';
import { variantsOf } from './variants.ts';
import { VERSION } from './version.ts';

const rate = define('schedule', 'test.rate', () => 'built', {
  description: 'a rate',
  paper: 'Nobody 2026, eq. 1',
  variants: { 'test.slow': { by: 1 }, 'test.fast': { also: ['test.quick'], description: 'another', by: 2 } },
  options: { start: positive, by: optional(number(), 3) },
});

it('a factory fills in the defaults and checks what it is given', () => {
  expect(rate({ start: 1 })).toEqual({ kind: 'schedule', name: 'test.rate', config: { start: 1, by: 3 } });
  expect(rate({ start: 1, by: 5 }).config).toEqual({ start: 1, by: 5 });
  expect(rate({ start: 1, by: undefined }).config).toEqual({ start: 1, by: 3 });
  expect(() => rate({ begin: 1 } as never)).toThrow('Expected an option of test.rate, received "begin".');
  expect(() => rate({} as never)).toThrow('Expected a number above 0 for test.rate.start, received nothing.');
  expect(() => rate('x' as never)).toThrow('Expected an object with the options of test.rate, received "x".');
});

it('a spec that comes from elsewhere is checked when it is built', () => {
  expect(resolve<() => string>(rate({ start: 1 })).builder()).toBe('built');
  const spec = { kind: 'schedule', name: 'test.rate', config: { start: 0, by: 3 } } as const;
  expect(resolve({ ...spec, config: { start: 1 } }).config).toEqual({ start: 1, by: 3 });
  expect(checkSpec('schedule', { ...spec, config: { start: 1 } }, 'fit')).toEqual(rate({ start: 1 }));
  expect(() => resolve(spec)).toThrow('Expected a number above 0 for test.rate.start, received 0.');
  expect(() => resolve({ ...spec, name: 'test.rat' })).toThrow('received "test.rat". Did you mean "test.rate"?');
  expect(() => checkSpec('optimizer', spec, 'fit')).toThrow(
    'Expected an optimizer for fit, received {"kind":"schedule"',
  );
  expect(() => checkSpec('schedule', { ...spec, gamma: 9 }, 'fit')).toThrow(
    'Expected a schedule for fit, received "gamma" next to its config. Pass a spec',
  );
});

it('lists say what a definition says', () => {
  expect(registered('schedule')).toContain('test.rate');
  const about = { description: 'a rate', paper: 'Nobody 2026, eq. 1' };
  expect(componentsOf('schedule').at(-1)).toEqual({ name: 'test.rate', ...about });
  expect(aboutOf('schedule', 'test.rate')).toMatchObject(about);
  expect(aboutOf('schedule', 'test.none')).toEqual({});
  expect(variantsOf('schedule')).toEqual([
    { ...about, name: 'test.slow', component: 'test.rate', by: 1 },
    { ...about, name: 'test.fast', also: ['test.quick'], component: 'test.rate', by: 2, description: 'another' },
  ]);
});

it('a definition has no unknown options', () => {
  expect(() => define('schedule', 'test.typo', () => 1, { descripton: 'a rate' } as object)).toThrow(
    'Expected an option of test.typo, received "descripton". Did you mean "description"?',
  );
  expect(registered('schedule')).not.toContain('test.typo');
});

it('a variant under the own name needs no name', () => {
  define('penalty', 'test.single', {}, { variant: { by: 3 }, variants: { 'test.twice': { by: 6 } } });
  expect(variantsOf<{ by?: number }>('penalty').map(({ name, component, by }) => [name, component, by])).toEqual([
    ['test.single', 'test.single', 3],
    ['test.twice', 'test.single', 6],
  ]);
});

it('two variants of one name are refused', () => {
  define('penalty', 'test.one', {}, { variants: { 'test.same': {} } });
  define('penalty', 'test.two', {}, { variants: { 'test.other': { also: ['test.same'] } } });
  expect(() => variantsOf('penalty')).toThrow('received "test.same" of penalty "test.one" and of penalty "test.two".');
});

it('two copies of the package share what is defined, unless their contracts differ', async () => {
  vi.resetModules();
  const second = await import('./index.ts');
  expect(second.componentsOf).not.toBe(componentsOf);
  expect(second.registered('schedule')).toContain('test.rate');
  expect(second.createSpec('schedule', 'test.rate', { start: 1, by: 2 })).toEqual(
    createSpec('schedule', 'test.rate', { start: 1, by: 2 }),
  );

  const spec = { kind: 'expert', name: 'mine' } as const;
  expect(() => checkCopies(spec, { version: VERSION.replace(/\d+$/, '9'), url: 'file:///other' })).not.toThrow();
  expect(() => checkCopies(spec, { version: '9.0.0', url: 'file:///other/core.js' })).toThrow(
    `expert "mine" has version 9.0.0 (file:///other/core.js), received version ${VERSION} (`,
  );
});

it('the version is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(VERSION).toBe(version);
});

it('a component is found by the names that it is also known by, in any spelling', () => {
  define('schedule', 'test-half', () => 1, { also: ['test.halving'] });
  for (const name of ['test-half', 'Test_Half', 'test.halving'])
    expect(standardName('schedule', name)).toBe('test-half');
  expect(standardName('schedule', 'test.unknown')).toBe('test.unknown');
});

it('a trait that there is not is an error where traits are read', () => {
  const even = define('gate', 'test.even', () => 0, { traits: { normalised: true } as object });
  expect(() => traitsOf(even())).toThrow('Expected an option of test.even.traits, received "normalised".');
});

it('options are checks, and no values', () => {
  const making = (options: object, config: object) => {
    const make = define('schedule', 'test.plain', () => 1, { options, package: 'test' });
    return () => make(config as never);
  };
  const expected = 'Expected a check for the option test.plain.units, received';
  expect(making({ units: 4 }, {})).toThrow(`${expected} 4. Pass checks.positive, for example.`);
  expect(making({ units: wholeNumber }, { units: 4 })).toThrow(`${expected} the function wholeNumber. Pass checks`);
  const levels = listOf(shaped({ units: true } as never));
  expect(making({ levels }, { levels: [{}] })).toThrow('the option test.plain.levels[0].units, received true.');
});

it('a definition lacks nothing', () => {
  expect(() => define('schedule', 'test.none', undefined)).toThrow(
    'Expected the schedule "test.none" with a function, received nothing. Add it.',
  );
  expect(() => define('optimizer', 'test.none', { slots: () => ({}) }, {}, ['slots', 'update'])).toThrow(
    'Expected the optimizer "test.none" with slots, update, received ["slots"]. Add update.',
  );
});
