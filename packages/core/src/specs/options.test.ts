import { describe, expect, it } from 'vitest';
import { defineExpert } from '../fusion/expert.ts';
import { defineGate } from '../fusion/gate.ts';
import { defineNetwork, fusion } from '../fusion/network.ts';
import { multiTaskModel } from '../model/model.ts';
import { binary } from '../tasks/tasks.ts';
import { denseSchema } from '../features/schema.ts';
import { tinyNetwork } from '../testing/tiny.ts';
import { flag, listOf, optional, shaped, wholeNumber } from './checks.ts';
import { checkOptions, type Options } from './options.ts';

interface Level {
  units: number;
  last?: boolean;
}

const level: Options<Level> = { units: wholeNumber(1), last: optional(flag) };
const options: Options<{ levels: readonly Level[] }> = { levels: listOf(shaped(level), 1) };

describe('checkOptions', () => {
  it('takes what fits, and options that are left out', () => {
    expect(() => checkOptions({ levels: [{ units: 2 }, { units: 1, last: true }] }, options, 'stack')).not.toThrow();
    expect(() => checkOptions({ units: 2, last: undefined }, level, 'stack')).not.toThrow();
  });

  it.each<[unknown, string]>([
    [{ level: [] }, 'Expected an option of stack, received "level". Did you mean "levels"?'],
    [
      { levels: [{ units: 1 }, { unit: 1 }] },
      'Expected an option of stack.levels[1], received "unit". Did you mean "units"?',
    ],
    [{ levels: [{ units: 1, last: 'yes' }] }, 'Expected true or false for stack.levels[0].last, received "yes".'],
    [{ levels: [{}] }, 'Expected a whole number, 1 or more, for stack.levels[0].units, received nothing.'],
    [
      { levels: [3] },
      'Expected an object with the options of stack.levels[0], received 3. Its options are units, last.',
    ],
    [null, 'Expected an object with the options of stack, received null.'],
    [[], 'Expected an object with the options of stack, received [].'],
    [{ levels: [{ units: 1, constructor: 1 }] }, 'Expected an option of stack.levels[0], received "constructor".'],
  ])('refuses %j', (config, message) => {
    expect(() => checkOptions(config, options, 'stack')).toThrow(message);
  });
});

describe('a component defined with options', () => {
  const expert = defineExpert<{ units: number }>(
    'options-expert',
    (_, { units }) => ({ outputDim: units, apply: (x) => x }),
    {
      options: { units: wholeNumber(1) },
    },
  );
  const gate = defineGate<{ sees?: 'own'; size?: number }>(
    'options-gate',
    ({ mask }) => ({ reads: 'nothing', apply: () => mask }),
    {
      options: { size: optional(wholeNumber()) },
    },
  );
  const network = defineNetwork<{ depth: number }>('options-network', () => fusion([]), {
    options: { depth: wholeNumber() },
  });

  it('is checked when it is made', () => {
    expect(() => expert({ unit: 1 } as unknown as { units: number })).toThrow('received "unit". Did you mean "units"?');
    expect(() => gate({ sice: 1 } as object)).toThrow('received "sice". Did you mean "size"?');
    expect(() => gate({ sees: 'ow' as 'own' })).toThrow('for options-gate.sees, received "ow". Did you mean "own"?');
    expect(() => network({ depth: 0.5 })).toThrow('for options-network.depth, received 0.5.');
  });

  it('has a configuration of its own, which nobody changes later', () => {
    const config = { units: 3 };
    const spec = expert(config);
    config.units = 9;
    expect(spec).toEqual({ kind: 'expert', name: 'options-expert', config: { units: 3 } });
  });

  it('is checked again when a model is built from a declaration', () => {
    const build = (config: object) => () =>
      multiTaskModel({
        schema: denseSchema(2, { click: binary() }),
        network: tinyNetwork({ units: 2 }),
        tower: { kind: 'expert', name: 'options-expert', config },
        seed: 7,
      }).dispose();
    expect(build({ units: 2 })).not.toThrow();
    expect(build({ units: 2, dropout: 1 })).toThrow('Expected an option of options-expert, received "dropout".');
  });
});
