import { fail, suggestion, trainerOf, type MultiTaskModel, type Tasks } from '@polytask/core';

interface Patterns {
  readonly trainable?: readonly string[] | undefined;
  readonly rates?: Readonly<Record<string, number>> | undefined;
}

/** Runs a training in which some parameters are frozen, or have other rates. Afterwards, all are trained as before. */
export async function withRates<T extends Tasks, O extends Patterns, R>(
  model: MultiTaskModel<T>,
  { trainable, rates, ...rest }: O,
  train: (options: Omit<O, keyof Patterns>) => Promise<R>,
): Promise<R> {
  const { store, config } = model;
  if (trainerOf(config.network))
    fail({
      expected: `neither trainable nor rates for "${config.network.name}", which brings its training`,
      received: trainable ? 'trainable' : 'rates',
      fix: 'Leave them out, and train on the old rows and the new ones together.',
    });
  const set = (factors: Readonly<Record<string, number>>) => {
    for (const parameter of store.all()) {
      parameter.rate = factors[parameter.name];
      parameter.variable.trainable = parameter.trainable && parameter.rate !== 0; // a frozen layer runs as it serves
    }
    for (const table of store.tables()) table.rate = factors[table.name] ?? 1;
  };
  set(parameterRates(model, { trainable, rates }));
  try {
    return await train(rest);
  } finally {
    set({});
  }
}

/** Factors of the learning rate by name, 0 for frozen parameters; without those of factor 1. `*` in a pattern stands for any text. */
export function parameterRates<T extends Tasks>(
  { store }: Pick<MultiTaskModel<T>, 'store'>,
  { trainable = ['*'], rates = {} }: Patterns,
): Record<string, number> {
  const own = store.all().flatMap(({ name, trainable: isTrained }) => (isTrained ? [name] : []));
  const names = [...own, ...store.tables().map(({ name }) => name)];
  const [trains, factors] = [trainable, Object.keys(rates)].map((patterns, i) =>
    patterns.map((pattern) => matcherOf(pattern, names, i === 0 ? 'trainable' : 'rates')),
  );
  const rateOf = (name: string): number => {
    if (!trains!.some(({ matches }) => matches(name))) return 0;
    const factor = factors!.findLast(({ matches }) => matches(name));
    return factor ? rates[factor.pattern]! : 1;
  };
  const all = Object.fromEntries(names.map((name) => [name, rateOf(name)]));
  if (own.every((name) => all[name] === 0))
    fail({
      expected: 'fit.trainable to leave a parameter to train that is no table with sparse updates',
      received: JSON.stringify(trainable),
      fix: "Add 'heads.*', for instance.",
    });
  return Object.fromEntries(Object.entries(all).filter(([, rate]) => rate !== 1));
}

function matcherOf(pattern: string, names: readonly string[], option: string) {
  const text = pattern.replace(/[$()+.?[\\\]^{|}]/g, '\\$&').replaceAll('*', '.*');
  const expression = new RegExp(`^${text}$`, 's');
  const matches = (name: string) => expression.test(name);
  if (names.some(matches)) return { pattern, matches };
  const parts = names.flatMap((name) => [...name.matchAll(/\./g)].map(({ index }) => `${name.slice(0, index)}.*`));
  return fail({
    expected: `a parameter, or a pattern of parameters, in fit.${option}`,
    received: JSON.stringify(pattern),
    fix: `${suggestion(pattern, new Set([...parts, ...names]))} Tasks and experts of one kind share a parameter, such as "heads.*".`,
  });
}
