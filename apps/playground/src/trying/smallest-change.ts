import { type Control, onStep, type Value } from './example-rows.ts';

/** The change of one feature of a row, and the score that the model gives then. */
export interface Change {
  readonly feature: string;
  readonly from: Value;
  readonly to: Value;
  readonly score: number;
  /** By Gower: the share of a number's range, and 1 for another text or a value in place of a missing one. */
  readonly distance: number;
}

/** What a change of one feature can do. */
export interface Changes {
  /** The score of the row as it is. */
  readonly now: number;
  /** For each feature that can turn the score over the threshold: its smallest such change, the smallest of all first. */
  readonly over: readonly Change[];
  /** The change that moves the score most towards the threshold's other side. Undefined if none does. */
  readonly strongest: Change | undefined;
}

export interface ChangesOptions {
  readonly controls: readonly Control[];
  readonly row: readonly Value[];
  readonly threshold: number;
  /** The scores of some rows. */
  scores(rows: readonly (readonly Value[])[]): ArrayLike<number>;
}

/** How many values of a number are tried in the whole range at first. */
const GRID = 24;
/** How often the smallest change of a number is halved after that, at most. */
const ROUNDS = 12;

/** A value that is tried in place of the row's own. */
interface Try {
  /** The index of the feature. */
  readonly at: number;
  readonly to: Value;
}

/**
 * Searches the smallest change of one feature that turns a score from below a threshold to it or above, or from there to below. Changes
 * are compared by Gower's distance (Biometrics 1971). A number is tried on a grid, and then halved down to a step of its slider: a crossing
 * that lies between two values of the grid and is turned back there is not found.
 */
export function smallestChanges({ controls, row, threshold, scores }: ChangesOptions): Changes {
  const scoresOf = (tries: readonly Try[]) =>
    tries.length === 0 ? [] : Array.from(scores(tries.map(({ at, to }) => row.with(at, to))));
  const tries = controls.flatMap((control, at) => valuesOf(control, row[at]!).map((to): Try => ({ at, to })));
  const [now = NaN] = Array.from(scores([row]));
  const isAbove = now >= threshold;
  const crosses = (score: number) => score >= threshold !== isAbove;
  const distance = ({ at, to }: Try) => distanceOf(controls[at]!, row[at]!, to);
  const changeOf = (each: Try, score: number): Change => ({
    ...{ feature: controls[each.at]!.name, from: row[each.at]!, to: each.to, score, distance: distance(each) },
  });
  const tried = scoresOf(tries).map((score, i) => ({ ...tries[i]!, score }));
  const movement = (score: number) => (isAbove ? now - score : score - now);
  const strongest = tried.reduce<(typeof tried)[number] | undefined>(
    (best, each) => (movement(each.score) > movement(best?.score ?? now) ? each : best),
    undefined,
  );

  const nearest = controls.flatMap((_, at) => {
    const own = tried.filter((each) => each.at === at && crosses(each.score));
    own.sort((a, b) => distance(a) - distance(b) || movement(b.score) - movement(a.score));
    return own.slice(0, 1);
  });
  for (let round = 0; round < ROUNDS; round++) {
    const halves = nearest.map((each) => ({
      at: each.at,
      to: halfway(each, controls[each.at]!, row[each.at]!, tried),
    }));
    const open = halves.filter(({ to }) => to !== undefined) as Try[];
    if (open.length === 0) break;
    scoresOf(open).forEach((score, i) => {
      const each = { ...open[i]!, score };
      tried.push(each);
      if (crosses(score)) nearest[nearest.findIndex(({ at }) => at === each.at)] = each;
    });
  }
  const over = nearest.map((each) => changeOf(each, each.score)).sort((a, b) => a.distance - b.distance);
  return { now, over, strongest: strongest && changeOf(strongest, strongest.score) };
}

/** The values that are tried of a feature. */
function valuesOf(control: Control, current: Value): Value[] {
  if (control.kind === 'text') return control.choices.filter((choice) => choice !== current);
  const { least, most, step } = control;
  const steps = Math.round((most - least) / step);
  const count = Math.min(GRID, steps);
  const grid = Array.from({ length: count + 1 }, (_, i) =>
    onStep(least + Math.round((i * steps) / count) * step, step),
  );
  return [...new Set(grid)].filter((value) => value !== current);
}

function distanceOf(control: Control, from: Value, to: Value): number {
  if (control.kind === 'text' || typeof from !== 'number' || typeof to !== 'number') return 1;
  return Math.abs(to - from) / (control.most - control.least);
}

/** The value in the middle between a change and the nearest value on its way that was tried. Undefined when no step is left. */
function halfway({ at, to }: Try, control: Control, from: Value, tried: readonly Try[]): number | undefined {
  if (control.kind === 'text' || typeof from !== 'number' || typeof to !== 'number') return undefined;
  const isBetween = (value: Value): value is number =>
    typeof value === 'number' && Math.abs(value - from) < Math.abs(to - from) && value > from === to > from;
  const inner = tried
    .filter((each) => each.at === at && isBetween(each.to))
    .map((each) => each.to as number)
    .reduce((best, value) => (Math.abs(value - to) < Math.abs(best - to) ? value : best), from);
  const { step, least } = control;
  const middle = onStep(least + Math.round(((inner + to) / 2 - least) / step) * step, step);
  return isBetween(middle) && Math.abs(middle - from) > Math.abs(inner - from) ? middle : undefined;
}
