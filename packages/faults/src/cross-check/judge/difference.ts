/** Numbers by name: losses, parameters or predictions. */
export type Numbers = Readonly<Record<string, ArrayLike<number>>>;

/** The largest difference of two sets of numbers. */
export interface Difference {
  /** As a share of the largest number of its name, or of the floor. Infinity where something is missing. */
  readonly share: number;
  /** Where it is, with both numbers. */
  readonly where: string;
}

/** Numbers that are smaller may be rounding errors of differences of larger ones. */
export interface Floor {
  /** A share of the largest number of all names. Default 0. */
  readonly share?: number;
  /** A number. Default 0. */
  readonly size?: number;
}

/** The largest difference between two sets of numbers. NaN equals NaN: a loss without labels. */
export function differenceOf(expected: Numbers, seen: Numbers, { share: least = 0, size = 0 }: Floor = {}): Difference {
  const names = Object.keys(expected);
  if (names.join() !== Object.keys(seen).join())
    return { share: Infinity, where: `${Object.keys(seen).join(', ')} in place of ${names.join(', ')}` };
  const most = Math.max(0, ...names.map((name) => largest(expected[name]!)));
  let worst: Difference = { share: 0, where: '' };
  for (const name of names) {
    const [wanted, got] = [expected[name]!, seen[name]!];
    if (wanted.length !== got.length)
      return { share: Infinity, where: `${got.length} numbers of ${name} in place of ${wanted.length}` };
    const scale = Math.max(largest(wanted), least * most, size);
    for (let i = 0; i < wanted.length; i++) {
      const share = shareOf(wanted[i]!, got[i]!, scale);
      if (share > worst.share) worst = { share, where: `${name}[${i}] is ${got[i]} in place of ${wanted[i]}` };
    }
  }
  return worst;
}

function shareOf(wanted: number, got: number, scale: number): number {
  if (Object.is(wanted, got) || wanted === got) return 0;
  const share = Math.abs(wanted - got) / scale;
  return Number.isNaN(share) ? Infinity : share;
}

/** The largest number, without its sign. */
export const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);

/** The first place where the bits of two sets of numbers differ. */
export function bitDifference(expected: Numbers, seen: Numbers): string | undefined {
  for (const [name, values] of Object.entries(expected)) {
    const at = Array.from(values).findIndex((value, i) => !Object.is(value, seen[name]?.[i]));
    if (at >= 0) return `${name}[${at}] is ${seen[name]?.[at]} in place of ${values[at]}`;
  }
  return undefined;
}
