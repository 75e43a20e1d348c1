import { adatt } from '@polytask/adatt';
import { binary, denseSchema, multiTaskModel } from '@polytask/core';
import { layerExpert, linearExpert, mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';

const model = multiTaskModel({
  schema: denseSchema(20, { click: binary(), like: binary() }),
  network: adatt({
    levels: [
      { experts: mlp([64, 32], { norm: 'layer', dropout: 0.1 }), perTask: 2, shared: 1 },
      { experts: [mlp([32]), linearExpert({ units: 32 })], perTask: 2 }, // a task's experts take turns
      { experts: layerExpert(tf.layers.dense({ units: 16, activation: 'selu' })) },
    ],
  }),
  tower: mlp([8]), // towers are experts too
  seed: 7,
});
const { click } = model.predict([{ x: new Array(20).fill(0.5) }]);
console.log(`${model.parameterCount} parameters, p(click) = ${click[0]!.toFixed(2)}`);
