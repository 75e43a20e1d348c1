import { adatt } from '@polytask/adatt';
import { binary, embed, multiTaskModel } from '@polytask/core';
import { categorical, fromRows, idSequence, numeric, sideColumn, split } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, evaluate, fit } from '@polytask/training';

// Views of 20 films, made on the spot. A user clicks on a film if one of the same genre is in the history: f0, f4, f8, … are one genre.
const views = Array.from({ length: 3000 }, (_, row) => {
  const draw = (i: number) => Math.floor((Math.abs(Math.sin(row * 12.9898 + i * 78.233)) * 43758.5453) % 20);
  const films = Array.from({ length: 1 + (row % 3) }, (_, i) => draw(i));
  const click = films.some((film) => film % 4 === draw(9) % 4);
  return {
    film: `f${draw(9)}`,
    watched: films.map((film) => `f${film}`).join('|'), // oldest first
    watched_days_ago: films.map((_, i) => films.length - i).join('|'), // one for each film of the history
    click: Number(click),
    like: Number(click && row % 5 > 0),
  };
});

const table = fromRows(views, {
  features: {
    film: categorical({ minCount: 5 }), // rarer films are unknown
    watched: idSequence({ target: 'film', maxLength: 50 }), // shares the vocabulary and the embeddings of film
    watched_days_ago: sideColumn({ of: 'watched', values: numeric({ log: true }) }),
  },
  tasks: { click: binary(), like: binary() },
});
const { train, test } = split(table, { test: 0.2, seed: 7 });
const model = multiTaskModel({
  schema: train.schema,
  input: embed({ dimension: 8, attention: { hidden: [36] } }),
  network: adatt({ levels: [{ experts: mlp([32]), perTask: 1, shared: 1 }] }),
  seed: 7,
});
await fit(model, train, { optimizer: adam(1e-2), epochs: 6, batchSize: 64 });

export const scores = await evaluate(model, test);
console.log(`AUC: click ${scores.click.auc.toFixed(2)}, like ${scores.like.auc.toFixed(2)}`);
export const { click } = model.predict([
  { film: 'f4', watched: ['f0', 'f8'], watched_days_ago: [2, 1] }, // the same genre
  { film: 'f5', watched: ['f0', 'f8'], watched_days_ago: [2, 1] }, // another one
]);
console.log(click!.join(' '));
