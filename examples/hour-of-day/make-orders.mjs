// Writes made-up orders: the hour at which a customer orders, around midnight for some. node make-orders.mjs > orders.csv

/** The middle of each group's orders, and their deviation in hours. */
const GROUPS = { commuter: [7.5, 1], office: [12.25, 0.75], family: [18.5, 1.5], gamer: [23.75, 1.25] };

let state = 7;
const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
const lines = Array.from({ length: 2000 }, () => {
  const [group, [middle, deviation]] = Object.entries(GROUPS)[Math.floor(4 * uniform())];
  const age = Math.round(20 + 40 * uniform());
  const minutes = Math.floor(60 * (middle + deviation * normal() - (age - 40) / 40)) % 1440;
  const time = (minutes + 1440) % 1440;
  const items = Math.max(1, Math.round(3 + (group === 'family' ? 4 : 0) + normal()));
  const text = `${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}`;
  return `${group},${age},${text},${items}`;
});
process.stdout.write(`${['group,age,ordered,items', ...lines].join('\n')}\n`);
