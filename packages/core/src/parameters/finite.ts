import { fail } from '@polytask/components';

/** Arrays of numbers by name, or tensors by name. */
type NamedNumbers = Iterable<readonly [name: string, numbers: Numbers | { readonly data: Numbers }]>;
type Numbers = ArrayLike<number>;

/**
 * The first number among named arrays that is NaN or infinite. Undefined when all are finite.
 *
 * @example firstNotFinite([['heads.bias', Float32Array.of(1, NaN)]]) // { name: 'heads.bias', value: NaN }
 */
export function firstNotFinite(named: NamedNumbers): { readonly name: string; readonly value: number } | undefined {
  for (const [name, each] of named) {
    const numbers = 'data' in each ? each.data : each;
    for (let i = 0; i < numbers.length; i++) {
      if (!Number.isFinite(numbers[i]!)) return { name, value: numbers[i]! };
    }
  }
  return undefined;
}

/**
 * Throws when a parameter of a model isn't finite.
 *
 * @param parameters such as the entries of `readParameters`
 * @param what the model, as the error names it
 * @throws PolytaskError that names the first parameter with such a number
 * @example requireFinite(Object.entries(await readParameters(model.store)), 'the model to save')
 */
export function requireFinite(parameters: NamedNumbers, what: string): void {
  const bad = firstNotFinite(parameters);
  if (!bad) return;
  fail({
    expected: `finite parameters in ${what}`,
    received: `"${bad.name}" with ${bad.value}`,
    fix: 'Its training has diverged: train it anew with a lower learning rate, or with clip: { norm: 1 }.',
  });
}
