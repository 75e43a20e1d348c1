import {
  anything,
  custom,
  fail,
  flag,
  isObject,
  listOf,
  number,
  oneOf,
  optional,
  type Option,
  readOptions,
  record,
  recordOf,
  shaped,
  type Written,
} from '@polytask/components';

const when = {
  /** The values of other dimensions under which this one is there: `{ schedule: ['cosine'] }`. Default: always. */
  when: optional(record(listOf(anything, 1))),
};

const range = {
  from: number(),
  to: number(),
  scale: optional(oneOf('linear', 'log')),
  whole: optional(flag),
  ...when,
};

/** The values that a hyper-parameter may take: some choices, or the numbers of a range. */
export type Dimension = ({ readonly choices: readonly unknown[] } & Written<typeof when>) | Written<typeof range>;

export type SearchSpace = Readonly<Record<string, Dimension>>;

/** A configuration: a value for each dimension. A dimension that is left out has the default of the model. */
export type Point = Readonly<Record<string, unknown>>;

/**
 * The option that is a dimension.
 *
 * @param values what one value may be
 * @example dimensionOf(positive).read({ from: 1e-4, to: 1e-2, scale: 'log' }, 'learningRate');
 */
export const dimensionOf = (values: Option) => {
  const some = { choices: listOf(values, 1), ...when };
  return custom<Dimension>(
    (value, where) => {
      if (isObject(value) && 'choices' in value) return readOptions(value, some, where);
      const read = readOptions(value, range, where);
      const { from, to, scale, whole } = read;
      const isBroken = whole === true && !(Number.isInteger(from) && Number.isInteger(to));
      if (!(to > from) || (scale === 'log' && from <= 0) || isBroken) {
        fail({
          expected: `from below to for ${where}${scale === 'log' ? ', both above 0' : ''}${whole ? ', both whole' : ''}`,
          received: `${from} and ${to}`,
          fix: 'Write { from: 1e-4, to: 1e-2, scale: "log" }.',
        });
      }
      for (const end of [from, to]) values.read(end, where);
      return read;
    },
    { either: [shaped(some), shaped(range)] },
  );
};

/**
 * Draws a point of a space, each dimension uniformly.
 *
 * @param random gives numbers in [0, 1), one for each dimension in the order of their names
 * @example drawFrom({ rate: { from: 1e-4, to: 1e-2, scale: 'log' } }, () => 0.5); // { rate: 1e-3 }
 */
export const drawFrom = (space: SearchSpace, random: () => number): Point =>
  withoutInactive(
    space,
    recordOf(Object.keys(space).sort(), (name) => valueAt(space[name]!, random())),
  );

/** The value at a position in [0, 1). */
export function valueAt(dimension: Dimension, u: number): unknown {
  if ('choices' in dimension) return dimension.choices[Math.floor(u * dimension.choices.length)];
  const { from, to, scale = 'linear', whole = false } = dimension;
  if (whole && scale === 'linear') return from + Math.floor(u * (to - from + 1));
  const value = scale === 'log' ? from * (to / from) ** u : from + u * (to - from);
  return whole ? Math.round(value) : Number(value.toPrecision(4));
}

/** The position of a value: the inverse of {@link valueAt}, in the middle of what a choice or an integer takes. NaN for another value. */
export function fractionOf(dimension: Dimension, value: unknown): number {
  if ('choices' in dimension) {
    const { choices } = dimension;
    const index = choices.findIndex((choice) => isSame(choice, value));
    return index < 0 ? NaN : (index + 0.5) / choices.length;
  }
  const { from, to, scale = 'linear', whole = false } = dimension;
  const isOutside = typeof value !== 'number' || (whole && !Number.isInteger(value));
  if (isOutside || value < from * (1 - Math.sign(from) * ROUNDED) || value > to * (1 + Math.sign(to) * ROUNDED))
    return NaN;
  const u =
    scale === 'log'
      ? Math.log(value / from) / Math.log(to / from)
      : whole
        ? (value - from + 0.5) / (to - from + 1)
        : (value - from) / (to - from);
  return Math.min(1, Math.max(0, u));
}

/** Values are rounded to four digits, beyond an end of the range, too. */
const ROUNDED = 5e-4;

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

export const isActive = (space: SearchSpace, name: string, point: Point): boolean =>
  Object.entries(space[name]?.when ?? {}).every(
    ([other, values]) => isActive(space, other, point) && values.some((value) => isSame(value, point[other])),
  );

const withoutInactive = (space: SearchSpace, point: Point): Point =>
  Object.values(space).some((dimension) => dimension.when)
    ? Object.fromEntries(Object.entries(point).filter(([name]) => isActive(space, name, point)))
    : point;

/**
 * All combinations of a space's choices. The choice of the last name changes fastest.
 *
 * @throws PolytaskError for a dimension that is a range
 * @example gridOf({ rate: { choices: [1e-3, 1e-2] }, width: { choices: [8, 16] } }).length; // 4
 */
export function gridOf(space: SearchSpace): Point[] {
  let points: Point[] = [{}];
  for (const name of Object.keys(space).sort()) {
    const dimension = space[name]!;
    if (!('choices' in dimension))
      fail({
        expected: `choices for ${name} of a grid`,
        received: `a range from ${dimension.from} to ${dimension.to}`,
        fix: "Write { choices: [1e-3, 1e-2] }, or search by 'random'.",
      });
    const { choices } = dimension;
    points = points.flatMap((point) => choices.map((choice) => ({ ...point, [name]: choice })));
  }
  return [
    ...new Map(
      points.map((point) => withoutInactive(space, point)).map((point) => [JSON.stringify(point), point]),
    ).values(),
  ];
}

export function checkConditions(space: SearchSpace, where: string): void {
  for (const [name, dimension] of Object.entries(space))
    for (const other of Object.keys(dimension.when ?? {}))
      if (!Object.hasOwn(space, other))
        fail({
          expected: `a dimension of the space in when of ${name} for ${where}`,
          received: `"${other}"`,
          fix: `Known: ${Object.keys(space).join(', ')}.`,
        });
}

export function checkPoint(space: SearchSpace, point: Point, where: string): void {
  for (const [name, value] of Object.entries(point)) {
    const dimension = space[name];
    if (dimension && isActive(space, name, point) && !Number.isNaN(fractionOf(dimension, value))) continue;
    fail({
      expected: `values of the space from ${where}`,
      received: `${name} ${JSON.stringify(value)}${dimension ? ` for ${JSON.stringify(dimension)}` : ''}`,
      fix: 'Propose points by draw(i), or values that the dimensions have. Leave out what a dimension’s `when` excludes.',
    });
  }
}
