import { load } from 'polytask';

const model = await load('model');
const predictions = model.predict([
  { age: 34, city: 'Lyon', plan: 'plus', visits: 11, minutes_per_visit: 22.5, support_tickets: 0 },
  { age: 61, city: 'Graz', plan: 'basic', visits: 3, minutes_per_visit: null, support_tickets: 2 },
]);
for (const [task, values] of Object.entries(predictions))
  console.log(`${task}: ${Array.from(values, (p) => Number(p).toFixed(3)).join(', ')}`);
