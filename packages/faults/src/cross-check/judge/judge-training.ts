import type { Trained, TrainVariant } from '../run/train.ts';

export type Numbers = Readonly<Record<string, ArrayLike<number>>>;

interface Difference {
  /** As a share of the largest number of its name, or of the floor. Infinity where something is missing. */
  readonly share: number;
  /** Where it is, with both numbers. */
  readonly where: string;
}

/** Numbers that are smaller may be rounding errors of differences of larger ones. */
interface Floor {
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

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);

/** The first task with a prediction that isn't finite. */
export function notFinite(predictions: Numbers): string | undefined {
  const [name, values] = Object.entries(predictions).find(([, all]) => !Array.from(all).every(Number.isFinite)) ?? [];
  return name === undefined
    ? undefined
    : `predictions of task "${name}" aren't finite: ${Array.from(values!).slice(0, 5).join()}`;
}

/** Engines may differ by this share: they add float32 in another order, in several steps. */
export const TRAINING_TOLERANCE = 1e-4;

/** A share by which float32 rounds. A start that is moved by it has another rounding. */
const ROUNDING = 2 ** -22;

/** A difference is rounding up to so many times that of a moved start. */
const TIMES = 30;

/** From this difference on, a moved start leads to other numbers altogether: the training explodes, and no comparison says more. */
const CHAOS = 1;

export interface TrainingVerdict {
  readonly verdict: 'agree' | 'amplified' | 'fault';
  /** What differs most, and what repetitions showed. */
  readonly text: string;
}

/** Trains with the reference, with the engine that is compared to it, or with the reference on another backend. Models are freed. */
export type Repeat = (engine: 'reference' | 'compared' | 'elsewhere', variant: TrainVariant) => Promise<Trained>;

/** An epsilon at which an optimizer makes no large step of a gradient that is mere rounding. */
const EPSILON = 0.01;

/**
 * Judges two trainings. If they differ beyond rounding, both are repeated with plain gradient descent. Adam makes steps of one size from a
 * gradient that is mere rounding, and gradient descent doesn't. Where descent agrees, the optimizer itself must agree with a large
 * epsilon. Otherwise the model may amplify rounding: a gate that chooses the best experts, say. Then a start that is moved by
 * rounding leads as far away on one of the engines, or the reference does on another backend, which rounds in its way. The reference
 * must give the same bits again without that.
 */
export async function judgeTraining(
  expected: Trained,
  seen: Trained,
  repeat: Repeat,
  { hasEpsilon }: { readonly hasEpsilon: boolean },
): Promise<TrainingVerdict> {
  const drawn = largestDifference(expected, seen);
  if (drawn.share <= TRAINING_TOLERANCE) return { verdict: 'agree', text: '' };
  const texts = [differenceText('the drawn optimizer', drawn)];
  const compare = async (name: string, variant: TrainVariant) => {
    const difference = largestDifference(await repeat('reference', variant), await repeat('compared', variant));
    const agrees = difference.share <= TRAINING_TOLERANCE;
    texts.push(agrees ? `${name} agrees` : differenceText(name, difference));
    return { agrees, share: difference.share };
  };
  const descent = await compare('gradient descent', { descent: true });
  const verdict = (isAmplified: boolean): TrainingVerdict => ({
    verdict: isAmplified ? 'amplified' : 'fault',
    text: texts.join('; '),
  });
  if (descent.agrees && hasEpsilon && (await compare(`epsilon ${EPSILON}`, { epsilon: EPSILON })).agrees)
    return verdict(true);
  const variant: TrainVariant = descent.agrees ? {} : { descent: true };
  const base = await repeat('reference', variant);
  const again = largestDifference(base, await repeat('reference', variant));
  if (again.share > 0) texts.push(differenceText('the reference once more', again));
  const share = descent.agrees ? drawn.share : descent.share;
  // a gradient may be exactly 0 on one engine and rounding on the other, which then turns it into a step: so both are moved
  for (const engine of ['reference', 'compared'] as const) {
    const start = engine === 'reference' ? base : await repeat(engine, variant);
    const moved = largestDifference(start, await repeat(engine, { ...variant, moved: ROUNDING }));
    texts.push(
      `a start moved by ${ROUNDING.toExponential(0)} changes the ${engine} engine by ${moved.share.toExponential(1)}`,
    );
    if (again.share === 0 && (share <= TIMES * moved.share || moved.share >= CHAOS)) return verdict(true);
  }
  const elsewhere = largestDifference(base, await repeat('elsewhere', variant));
  texts.push(`another backend changes the reference by ${elsewhere.share.toExponential(1)}`);
  if (again.share === 0 && share <= TIMES * elsewhere.share) return verdict(true);
  return verdict(false);
}

const differenceText = (name: string, { share, where }: Difference): string =>
  `with ${name}, ${where}, a difference of ${share.toExponential(1)}`;

/** The parts of a training that are compared. Parameters may cancel one another; predictions and losses are what users see. */
const FLOORS: Readonly<Record<keyof Trained, Floor>> = {
  losses: { size: 1e-3 },
  predictions: {},
  parameters: { share: 0.05 },
};

function largestDifference(expected: Trained, seen: Trained): Difference {
  return (Object.keys(FLOORS) as (keyof Trained)[])
    .map((part) => {
      const { share, where } = differenceOf(expected[part], seen[part], FLOORS[part]);
      return { share, where: `${part} ${where}` };
    })
    .reduce((worst, each) => (each.share > worst.share ? each : worst));
}
