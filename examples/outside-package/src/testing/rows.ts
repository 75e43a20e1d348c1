import { binary, regression } from '@polytask/core';
import { categorical, numeric } from '@polytask/data';
import { cauchy, cyclic, share } from 'outside-package';

export const features = {
  age: numeric(),
  visits: numeric({ indicator: true }),
  city: categorical(),
  hour: cyclic({ period: 24 }),
};
export const tasks = { renewed: binary(), spent: regression({ loss: cauchy({ scale: 2 }) }), watched: share() };

const CITIES = ['Bergen', 'Porto', 'Lyon'];

/** Made-up rows, always the same. */
export const rows = Array.from({ length: 400 }, (_, r) => {
  const [age, visits, city] = [20 + ((r * 37) % 60), r % 9 === 0 ? null : (r * 13) % 12, CITIES[(r * 7) % 3]!];
  const joy = (visits ?? 5) - 5 + (city === 'Lyon' ? 2 : 0) - Math.sin(age / 7) * 3;
  const hour = r % 11 === 0 ? null : (r * 5) % 24;
  const watched = 1 / (1 + Math.exp(-joy / 4));
  return { age, visits, city, hour, renewed: Number(joy > 0), spent: 30 + 5 * joy + (r % 5), watched };
});

/** Where `save.ts` puts its files, and `compare.ts` finds them. */
export const DIRECTORY = 'results';
