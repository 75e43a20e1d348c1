import { checkKnown, fail } from '@polytask/components';
import type { BoostingSettings } from '../boosting-options.ts';
import type { BinnedColumn } from './histogram.ts';

/** Sums of derivatives, of which the first are those of the output that directions are for. */
interface Derivatives {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

/** What the leaves below a node may be. */
export interface Limits {
  /** The least and the greatest value of a leaf, before it is multiplied by the learning rate. */
  readonly lower: number;
  readonly upper: number;
  /** The groups of columns, each of which has all columns of the splits above. */
  readonly groups: readonly ReadonlySet<number>[];
}

/** A value that is multiplied by a rate, within the limits of a node. */
export const withinLimits = (value: number, limits?: Limits, rate = 1): number =>
  limits ? Math.min(rate * limits.upper, Math.max(rate * limits.lower, value)) : value;

/** −G / (H + λ) times a rate, within the limits of a node. */
export const leafValue = (gradient: number, hessian: number, lambda: number, limits?: Limits, rate = 1): number =>
  withinLimits((-rate * gradient) / (hessian + lambda) || 0, limits, rate);

/** Which splits and leaf values monotone and interaction constraints allow. */
export class Constraints {
  readonly root: Limits;
  /** By column: 1 if values may only rise with it, −1 if they may only fall, else 0. */
  readonly #directions: readonly number[];

  constructor(
    columns: readonly BinnedColumn[],
    private readonly settings: BoostingSettings,
  ) {
    const { monotoneConstraints = {}, interactionConstraints } = settings;
    const names = columns.map(({ name }) => name);
    for (const name of Object.keys(monotoneConstraints)) {
      checkKnown(name, names, 'a column in monotoneConstraints');
      if (columns[names.indexOf(name)]!.categorical && monotoneConstraints[name] !== 0)
        fail({
          expected: 'columns of numbers in monotoneConstraints',
          received: `categories in column "${name}"`,
          fix: 'Leave the constraint out.',
        });
    }
    this.#directions = names.map((name) => monotoneConstraints[name] ?? 0);
    const groups = interactionConstraints?.map((group) => {
      for (const name of group) checkKnown(name, names, 'a column in interactionConstraints');
      return new Set(group.map((name) => names.indexOf(name)));
    });
    const others = new Set([...names.keys()].filter((column) => !groups?.some((group) => group.has(column))));
    this.root = { lower: -Infinity, upper: Infinity, groups: groups ? [...groups, others] : [others] };
  }

  directionOf(column: number): number {
    return this.#directions[column]!;
  }

  /** The limits of the two children of a split: leaves below them stay apart by the middle of the children's values. */
  below(limits: Limits, column: number, sides: readonly [left: Derivatives, right: Derivatives]) {
    const inside = { ...limits, groups: limits.groups.filter((group) => group.has(column)) };
    const direction = this.directionOf(column);
    if (direction === 0) return [inside, inside] as const;
    const { lambdaL2 } = this.settings;
    const [left, right] = sides.map(({ gradients: [gradient], hessians: [hessian] }) =>
      leafValue(gradient!, hessian!, lambdaL2, limits),
    );
    const middle = left! / 2 + right! / 2;
    const [low, high] = [
      { ...inside, upper: middle },
      { ...inside, lower: middle },
    ];
    return direction > 0 ? ([low, high] as const) : ([high, low] as const);
  }
}

/** Undefined without constraints: the search for splits is faster then. */
export const constraintsOf = (columns: readonly BinnedColumn[], settings: BoostingSettings): Constraints | undefined =>
  settings.monotoneConstraints || settings.interactionConstraints ? new Constraints(columns, settings) : undefined;
