// Writes made-up offers: a price, of which the register only says that it is at least a limit. node make-offers.mjs > offers.csv

const QUALITIES = { plain: 0, good: 0.4, fine: 0.9 };

let state = 11;
const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
const lines = Array.from({ length: 2000 }, () => {
  const [quality, worth] = Object.entries(QUALITIES)[Math.floor(3 * uniform())];
  const size = Math.round(20 + 80 * uniform());
  const paid = Math.round(Math.exp(4.2 + worth + size / 60 + 0.3 * normal()));
  const limit = [300, 500][Math.floor(2 * uniform())];
  return `${quality},${size},${paid < limit ? paid : `≥ ${limit}`},${paid},${Math.max(1, Math.round(size / 10 + normal()))}`;
});
process.stdout.write(`${['quality,size,price,paid,days', ...lines].join('\n')}\n`);
