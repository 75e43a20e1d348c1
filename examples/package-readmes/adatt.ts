import { adatt } from '@polytask/adatt';
import { binary, denseSchema, fusionWeights, multiTaskModel, regression } from '@polytask/core';
import { mlp } from '@polytask/experts';

const schema = denseSchema(20, { click: binary(), like: binary(), minutes: regression() });
const network = adatt({
  levels: [
    { experts: mlp([64]), perTask: 2, shared: 1 },
    { experts: mlp([32]), perTask: { click: 2, like: 1, minutes: 3 }, shared: 1 },
  ],
});
const model = multiTaskModel({ schema, network, tower: mlp([16]), seed: 7 });

const rows = Array.from({ length: 100 }, (_, r) => ({ x: Array.from({ length: 20 }, (_, i) => Math.sin(r * i)) }));
const examples = { schema, size: 100, batch: (at: ArrayLike<number>) => model.encode(Array.from(at, (i) => rows[i]!)) };
const [first] = fusionWeights(model, examples); // the paper's heat map: unit × expert, gated and constant part apart
first!.outputs.forEach((unit, u) => console.log(unit, ...first!.gated[u]!.map((weight) => weight.toFixed(2))));
