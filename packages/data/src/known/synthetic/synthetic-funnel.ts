import { sum } from '@polytask/components';
import {
  binary,
  readOptions,
  checks,
  emptyBatch,
  labelsOf,
  layoutOf,
  randomStream,
  FIRST_CODE,
  type BinaryTask,
  type Options,
  type Schema,
} from '@polytask/core';
import { encodedTable, type EncodedTable } from '../../examples/encoded-table.ts';
import { inner, orthonormalVectors } from './correlated-vectors.ts';

/** The steps of the funnel. A step happens only if the previous one did. */
export const FUNNEL = ['click', 'cart', 'buy'] as const;
/** The scenarios, in which the steps have other rates and partly other weights. */
export const SCENARIOS = ['home', 'search', 'feed'] as const;

type Step = (typeof FUNNEL)[number];
type FunnelTasks = Readonly<Record<Step, BinaryTask>>;

/** The options of {@link syntheticFunnel}. */
export interface FunnelOptions {
  /** The number of inputs, 8 or more. Default 16. */
  readonly dimension?: number;
  /** How much alike the reasons to click and to buy are, a correlation from 0 to 1. It decides who is clicked. Default 0.5. */
  readonly selection?: number;
  /** Weight of a reason to click and to buy that no feature shows. Default 0: the features explain all of the selection. */
  readonly hidden?: number;
  /** The share of training labels of buying that come after the end of the data, and read as no. Default 0. */
  readonly delayed?: number;
  /** The seed of the funnel; `sample` takes a seed of the rows. Default 0. */
  readonly seed?: number;
}

/** Rows of a funnel, with the truth about all of them. */
export interface FunnelRows {
  readonly table: EncodedTable<FunnelTasks>;
  /** p(buy | click, x) of each row, whether it was clicked or not: the mean over the reasons that no feature shows. */
  readonly rates: Float64Array;
  /** 1 if the row is bought once it is clicked, drawn for all rows; for clicked rows it is the label of buying, before any delay. */
  readonly drawn: Float32Array;
  /** The index of the scenario of each row, in {@link SCENARIOS}. */
  readonly scenarios: Int32Array;
}

/** A funnel with known rates, and any number of its rows. */
export interface SyntheticFunnel {
  /** A vector `x`, and the context `scenario`. */
  readonly schema: Schema<FunnelTasks>;
  /** Samples rows. @param late whether `delayed` applies: true for training rows */
  sample(rows: number, seed: number, late?: boolean): FunnelRows;
}

const { share } = checks;
const options: Options<FunnelOptions> = {
  dimension: checks.optional(checks.wholeNumber(8)),
  selection: checks.optional(share),
  hidden: checks.optional(checks.notNegative),
  delayed: checks.optional(share),
  seed: checks.optional(checks.wholeNumber()),
};

/** The mean logit of each step in each scenario: clicks are rare, and rarest in the feed. */
const RATES: Readonly<Record<Step, readonly number[]>> = {
  click: [-1.5, -0.8, -2.5],
  cart: [-0.6, 0, -1],
  buy: [-0.4, 0.2, -0.2],
};
/** Points of the hidden reason in {@link FunnelRows.rates}: the middles of equal shares of N(0, 1). */
const HIDDEN = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/**
 * Makes a funnel of click, cart and buy in three scenarios, in which the true rate of buying after a click is known for all rows. With
 * orthonormal vectors u, x ~ N(0, I) and a hidden h ~ N(0, 1), the logit of step t in scenario s is
 *
 *     b_t,s + 1.5 w_tᵀx + 0.5 v_sᵀx + sin(3 w_tᵀx) + hidden · h
 *
 * The weights w of cart and buy have the correlation `selection` with those of click. So clicked rows differ from the others.
 *
 * @throws PolytaskError for an option out of its range
 * @example const { table, rates } = syntheticFunnel({ selection: 0.8, seed: 1 }).sample(10_000, 3);
 */
export function syntheticFunnel(given: FunnelOptions = {}): SyntheticFunnel {
  readOptions(given, options, 'syntheticFunnel');
  const { dimension = 16, selection = 0.5, hidden = 0, delayed = 0, seed = 0 } = given;
  const [click, cart, buy, ...own] = orthonormalVectors(6, dimension, randomStream(seed, 'funnel.weights'));
  const toward = (u: Float64Array) =>
    u.map((value, i) => selection * click![i]! + Math.sqrt(1 - selection ** 2) * value);
  const weights: Readonly<Record<Step, Float64Array>> = { click: click!, cart: toward(cart!), buy: toward(buy!) };
  const chance = (step: Step, x: Float32Array, scenario: number, h: number): number => {
    const score = inner(weights[step], x);
    const tilt = inner(own[scenario]!, x);
    return sigmoid(RATES[step][scenario]! + 1.5 * score + 0.5 * tilt + Math.sin(3 * score) + hidden * h);
  };
  const schema: Schema<FunnelTasks> = {
    features: {
      x: { kind: 'vector', width: dimension },
      scenario: { kind: 'categorical', vocabulary: [...SCENARIOS] },
    },
    tasks: { click: binary(), cart: binary(), buy: binary() },
    context: ['scenario'],
  };
  return {
    schema,
    sample(rows, rowSeed, late = false) {
      const stream = randomStream(seed, `funnel.rows.${rowSeed}`);
      const x = stream.normal(rows * dimension);
      const [reasons, draws] = [stream.normal(rows), stream.uniform(rows * 5)];
      const batch = { ...emptyBatch(rows, layoutOf(schema), FUNNEL), numeric: x };
      batch.weights.fill(1);
      const [rates, drawn, scenarios] = [new Float64Array(rows), new Float32Array(rows), new Int32Array(rows)];
      for (let row = 0; row < rows; row++) {
        const features = x.subarray(row * dimension, (row + 1) * dimension);
        const draw = draws.subarray(5 * row, 5 * row + 5);
        const scenario = Math.floor(3 * draw[3]!);
        const happens = (step: Step) => draw[FUNNEL.indexOf(step)]! < chance(step, features, scenario, reasons[row]!);
        const boughtIn = (h: number) => chance('cart', features, scenario, h) * chance('buy', features, scenario, h);
        scenarios[row] = scenario;
        batch.ids[row] = scenario + FIRST_CODE;
        rates[row] = hidden === 0 ? boughtIn(0) : sum(HIDDEN, boughtIn) / HIDDEN.length;
        drawn[row] = Number(happens('cart') && happens('buy'));
        const [clicked, carted] = [happens('click'), happens('click') && happens('cart')];
        const bought = carted && happens('buy') && !(late && draw[4]! < delayed);
        for (const [step, yes] of [
          ['click', clicked],
          ['cart', carted],
          ['buy', bought],
        ] as const)
          labelsOf(batch, step).labels[row] = Number(yes);
      }
      return { table: encodedTable(schema, batch), rates, drawn, scenarios };
    },
  };
}
