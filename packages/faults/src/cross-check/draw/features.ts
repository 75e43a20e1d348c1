import { declareFeature, type ComponentKind, type DeclaredFeature, type Described } from '@polytask/core';
import * as data from '@polytask/data';
import { featureOptions } from '@polytask/data';
import { cellsFor, cellsOf } from '../data/cells.ts';
import { drawComponent, namesOf } from './components.ts';
import { dealt, type Dice, type DrawPlace, turnOf, untilItWorks } from './dice.ts';
import { drawOptions, VALUES } from './option-values.ts';

type Features = Readonly<Record<string, DeclaredFeature>>;

const READABLE: Features = {
  city: data.categorical(),
  device: data.categorical(),
  tags: data.idSequence({ target: 'city' }),
};

/** What the option `values` can be: a declaration of the values of a list, or which repeated numbers have vectors. */
const ENTRIES = [
  { kind: 'categorical' },
  { kind: 'hashed', buckets: 6 },
  { kind: 'hashed', buckets: 12, quotients: 3 },
  { kind: 'shared', with: 'city' },
  { kind: 'numeric', log: true },
  { minCount: 1, most: 2 },
];

/** The turns in which kinds are dealt to a configuration. */
const TURNS = 3;

/** Draws the features of a table: one to three kinds, beside those that they read. */
export function drawFeatures(dice: Dice, place: DrawPlace): Features {
  let features: Features = dice.chance(0.5) ? READABLE : {};
  let cells = cellsOf(features);
  for (let turn = 0; turn < TURNS; turn++) {
    if (turn > 0 && dice.chance(0.3)) continue;
    const kind = dealt(namesOf('feature'), 'feature', place, TURNS * turnOf(place) + turn);
    const name = `x${turn}`;
    const add = () => {
      const feature = drawFeature(name, kind, Object.keys(features), dice);
      cells = { ...cells, [name]: cellsFor(name, feature, features, cells) };
      features = { ...features, [name]: feature };
    };
    try {
      untilItWorks(add, 8);
    } catch {
      features = { ...READABLE, ...features }; // it reads others
      cells = cellsOf(features);
      untilItWorks(add);
    }
  }
  return features;
}

/** The buckets where none, or a default of thousands, are drawn: one-hot inputs of experts that are as wide would need gigabytes. */
const BUCKETS = 16;

function drawFeature(name: string, kind: string, names: readonly string[], dice: Dice): DeclaredFeature {
  const values = [...VALUES, ...ENTRIES, { [name]: 'city' }]; // a search in the list itself
  const component = (each: ComponentKind) => drawComponent(each, dice.of(namesOf(each)), { dice, names: [], width: 4 });
  const place = { dice, names, values, component };
  const known = featureOptions(kind) as Described;
  const options = drawOptions(known, place);
  if ('buckets' in known && !((options['buckets'] as number) < 1000)) options['buckets'] = BUCKETS;
  const declare = (data as Readonly<Record<string, unknown>>)[camelCase(kind)];
  if (typeof declare === 'function') return (declare as (given: object) => DeclaredFeature)(options);
  return declareFeature(kind, options);
}

/** `id-sequence` is declared by `idSequence`. */
const camelCase = (kind: string): string => kind.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
