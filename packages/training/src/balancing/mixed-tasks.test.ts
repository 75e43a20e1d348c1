import * as balancing from '@polytask/balancing';
import {
  aboutOf,
  binary,
  multiclass,
  multiTaskModel,
  randomStream,
  registered,
  regression,
  type Row,
} from '@polytask/core';
import { categorical, fitSchema, encode, fromRows, numeric } from '@polytask/data';
import { expect, test } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { fit } from '../fit/fit.ts';
import { adam } from '../optimizers/adam.ts';
import { tinyNetwork } from '../testing/tiny.ts';

const ROWS = 320;

/** Three tasks of three kinds on the same features, the label of the regression in some unit. */
function table(unit: number) {
  const x = randomStream(3, 'x').normal(2 * ROWS);
  const noise = randomStream(3, 'noise').normal(3 * ROWS);
  const rows = Array.from({ length: ROWS }, (_, r): Row => {
    const [a, b] = [x[2 * r]!, x[2 * r + 1]!];
    const [e, f, g] = [noise[3 * r]!, noise[3 * r + 1]!, noise[3 * r + 2]!];
    const stars = b - a + 0.5 * f;
    return {
      a,
      b: String(Math.round(2 * b)),
      click: Number(a + b + 0.7 * e > 0.5),
      stars: stars < -0.7 ? 'low' : stars < 0.7 ? 'middle' : 'high',
      age: unit * (40 + 12 * (0.6 * a + 0.6 * b + 0.5 * g)),
    };
  });
  const tasks = { click: binary(), stars: multiclass(), age: regression() };
  const raw = fromRows(rows, { features: { a: numeric(), b: categorical() }, tasks });
  return encode(raw, fitSchema(raw));
}

async function trained(spec: balancing.BalancerSpec | undefined, unit: number, engine: 'eager' | 'compiled') {
  const rows = table(unit);
  const model = multiTaskModel({ schema: rows.schema, network: tinyNetwork({ units: 8 }), seed: 5 });
  const more = { epochs: 15, batchSize: 80, optimizer: adam(0.02), engine };
  const { warnings } = await fit(model, rows, { ...more, balancing: spec });
  const scores = await evaluate(model, rows, { engine });
  const { age } = model.predict(rows);
  model.dispose();
  return { warnings, scores, age };
}

const gramian = [
  balancing.mgda,
  balancing.pcGrad,
  balancing.caGrad,
  balancing.nashMtl,
  balancing.imtlG,
  balancing.alignedMtl,
  balancing.gradNorm,
  balancing.rotoGradScale,
  balancing.upGrad,
  balancing.dualProj,
  balancing.fairGrad,
  balancing.gradVac,
  balancing.conFig,
  balancing.dbMtl,
  balancing.excessMtl,
];
const specs: (balancing.BalancerSpec | undefined)[] = [
  undefined,
  balancing.equalWeights(),
  balancing.staticWeights({ click: 1, stars: 2, age: 0.5 }),
  balancing.decayingWeights({ rate: 0.9 }),
  balancing.rlw(),
  balancing.dwa(),
  balancing.uw(),
  balancing.imtlL(),
  balancing.famo(),
  balancing.gls(),
  balancing.stch(),
  balancing.go4Align(),
  balancing.plainSum(),
  ...gramian.map((make) => make()),
  ...gramian.map((make) => make({ of: 'representation' })),
  balancing.rotoGrad(),
  balancing.gradDrop(),
];
const nameOf = (spec: balancing.BalancerSpec | undefined) =>
  spec ? [spec.name, balancing.balancerNeeds(spec).of].filter(Boolean).join(' of ') : 'no balancer';

test('the balancers of the package are all there', () => {
  const own = registered('balancer').filter((name) => aboutOf('balancer', name).package === '@polytask/balancing');
  expect(new Set(specs.map((spec) => spec?.name))).toEqual(new Set([undefined, ...own])); // other files define some, too
});

test.each(some(specs, 1).map((spec) => [nameOf(spec), spec] as const))(
  '%s: no task ends worse than its mean, and the unit of a label is a factor of its predictions',
  async (_, spec) => {
    const plain = await trained(spec, 1, 'compiled');
    for (const { normalizedLoss } of Object.values(plain.scores)) expect(normalizedLoss).toBeLessThan(1);
    expect(plain.warnings).toEqual([]);
    const micro = await trained(spec, 1e6, 'compiled');
    micro.age.forEach((age, row) => expect(age / 1e6 / plain.age[row]!).toBeCloseTo(1, 5));
    expect(micro.scores.click).toEqual(plain.scores.click);
    expect(micro.scores.age.rmse / 1e6 / plain.scores.age.rmse).toBeCloseTo(1, 6);
  },
);

test('units are factors on the eager engine too', { tags: ['long'] }, async () => {
  const [plain, micro] = [await trained(undefined, 1, 'eager'), await trained(undefined, 1e-6, 'eager')];
  micro.age.forEach((age, row) => expect((age * 1e6) / plain.age[row]!).toBeCloseTo(1, 5));
  expect(micro.scores.stars).toEqual(plain.scores.stars);
});
