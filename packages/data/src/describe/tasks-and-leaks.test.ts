import { describe, expect, it } from 'vitest';
import { describeCsv as describeText } from './describe.ts';
import type { Description } from './description.ts';
import { standardMoment } from './number-column.ts';

/** Describes a text without saying that it is small, as all tables here are. */
const describeCsv = (...given: Parameters<typeof describeText>): Description => {
  const described = describeText(...given);
  return { ...described, warnings: described.warnings.filter(({ kind }) => kind !== 'few-labels') };
};

const ROWS = 300;
type Cell = (row: number) => string | number;

function describeColumns(columns: Readonly<Record<string, Cell>>, tasks?: readonly string[]) {
  const lines = Array.from({ length: ROWS }, (_, i) => Object.values(columns).map((cell) => cell(i)).join(',')); // prettier-ignore
  const description = describeCsv([Object.keys(columns).join(','), ...lines].join('\n'), { ...(tasks && { tasks }) });
  return {
    ...description,
    features: description.dataset.features,
    kinds: description.warnings.map(({ kind }) => kind),
  };
}

const age: Cell = (i) => 18 + ((i * 7) % 61);
const x: Cell = (i) => (i * 37) % 101;
const yes: Cell = (i) => Number(i % 3 === 0);
const exponential: Cell = (i) => Math.round(1000 * (-Math.log(1 - ((i * 0.6180339887) % 1))) ** 3);
/** The task that a column beside an age is read as. */
const asTask = (cell: Cell, name = 'label') => describeColumns({ age, [name]: cell }).tasks[0]!;
const taskOf = (cell: Cell, name = 'label') => describeColumns({ age, [name]: cell }).dataset.tasks[name];

describe('how a label is read', () => {
  it.each<[string, Cell, unknown]>([
    ['0 and 1', yes, 'binary'],
    ['false and TRUE', (i) => (i % 3 ? 'false' : 'TRUE'), 'binary'],
    ['no and Yes', (i) => (i % 3 ? 'Yes' : 'no'), { kind: 'binary', positive: 'Yes' }],
    ['negative and something', (i) => (i % 3 ? 'sick' : 'negative'), { kind: 'binary', positive: 'sick' }],
    ['<=50K and >50K', (i) => (i % 3 ? '>50K' : '<=50K'), { kind: 'binary', positive: '>50K' }],
    ['- 50000. and 50000+.', (i) => (i % 3 ? '50000+.' : '- 50000.'), { kind: 'binary', positive: '50000+.' }],
    ['1 and 2, the greater one', (i) => (i % 3 ? 2 : 1), { kind: 'binary', positive: '2' }],
    ['two words, the rarer one', (i) => (i % 3 ? 'a' : 'b'), { kind: 'binary', positive: 'b' }],
    ['three words', (i) => ['c', 'a', 'b'][i % 3]!, { kind: 'multiclass', classes: ['a', 'b', 'c'] }],
    ['few whole numbers', (i) => 9 + (i % 3), { kind: 'multiclass', classes: ['9', '10', '11'] }],
    [
      'words that have an order',
      (i) => ['Low', 'High', 'Medium'][i % 3]!,
      { kind: 'ordinal', classes: ['Low', 'Medium', 'High'] },
    ],
    [
      'lists',
      (i) => `t${i % 2}|t${2 + (i % 5)}`,
      { kind: 'multi-label', labels: ['t0', 't1', 't2', 't3', 't4', 't5', 't6'] },
    ],
    [
      'lists of ids',
      (i) => `${9 + (i % 2)};${i % 3}`,
      { kind: 'multi-label', labels: ['0', '1', '2', '9', '10'], separator: ';' },
    ],
    ['numbers', (i) => i / 7, 'regression'],
    ['amounts with a long tail', (i) => 1 + Number(exponential(i)), { kind: 'regression', log: true }],
    ['amounts of which many are 0', (i) => (i % 4 ? 0 : exponential(i)), 'count'],
    ['goals', (i) => ((i * i) % 5 ? (i * 7) % 6 : i % 47), 'count'],
    ['grades from 0', (i) => (i % 6 ? 10 + ((i * 7) % 30) : 0), 'regression'],
  ])('%s', (_, cell, task) => {
    expect(taskOf(cell)).toEqual(task);
  });

  it('says that totals need a count, and how many are 0', () => {
    expect(asTask((i) => 1 + Number(exponential(i))).why).toContain(
      'so that relative errors count. For totals, write "count".',
    );
    expect(asTask((i) => (i % 4 ? 0 : exponential(i))).why).toContain(
      '77% are 0. A logarithmic link has the right mean.',
    );
  });

  it('reads how many there are as a count, and nothing below 0', () => {
    expect(taskOf((i) => (i * i) % 37, 'num_visits')).toEqual('count');
    expect(taskOf((i) => ((i * i) % 37) - 1, 'num_visits')).toEqual('regression');
  });

  it('says that consecutive numbers may be a scale, and nothing of other classes', () => {
    const scale = 'If a greater number means more, write "kind": "ordinal".';
    expect(asTask((i) => 1 + (i % 5)).why).toBe(`By its name. 5 classes: "1", "2", "3", "4", …. ${scale}`);
    expect(asTask((i) => [1, 2, 4][i % 3]!).why).toBe('By its name. 3 classes: "1", "2", "4".');
    expect(asTask((i) => ['a', 'b', 'c'][i % 3]!).why).not.toContain(scale);
  });

  it('says what lists have, and nothing of lists with more labels than a task has', () => {
    expect(asTask((i) => (i % 10 ? `t${i % 2}|t${2 + (i % 5)}` : '')).why).toBe(
      'By its name. Several labels in a cell, with "|" between. 7 labels: "t0", "t1", "t2", "t3", …. ' +
        'An empty cell is unknown: write "empty": "none" if it means that no label fits.',
    );
    expect(() => describeColumns({ age, label: (i) => `t${i % 30}|t${i % 7}` }, ['label'])).toThrow('for a task');
    const { tasks, dataset } = describeColumns({
      age,
      group: (i) => `g${i % 3}`,
      tags: (i) => `t${i % 2}|t${2 + (i % 5)}`,
    });
    expect(tasks.map(({ name }) => name)).toEqual(['group']); // lists without the name of a label are no guess
    expect(dataset.features).toHaveProperty('tags');
  });

  it('reads stars as numbers, as their order means something', () => {
    expect(taskOf((i) => 1 + (i % 5), 'stars')).toBe('regression');
  });

  it('says what means yes, and how often', () => {
    expect(asTask((i) => (i % 3 ? '<=50K' : '>50K'))).toMatchObject({
      why: 'By its name. Yes is ">50K", the greater one: 33% of the rows. The other value is "<=50K".',
    });
  });
});

describe('which columns are labels', () => {
  it.each(
    'label target y isClick clicked bought income_50k churn class Status denied Sale_Price SellingPrice wage'.split(
      ' ',
    ),
  )('%s by its name', (name) => {
    const { dataset, warnings } = describeColumns({ [name]: yes, age, x });
    expect([Object.keys(dataset.tasks), warnings]).toEqual([[name], []]);
  });

  it.each(['Year_Sold', 'moSold', 'last_year_income', 'marital_status', 'unit_price'])('%s not by its name', (name) => {
    const { dataset, kinds } = describeColumns({ [name]: yes, age, x });
    expect([Object.keys(dataset.tasks), kinds]).toEqual([['x'], ['guessed-task']]);
  });

  it('flags after the first label, and not before it', () => {
    const { dataset } = describeColumns({
      is_new: (i) => i % 2,
      age,
      click: yes,
      x,
      is_saved: (i) => Number(i % 5 === 0),
      share: (i) => Number(x(i)) / 101, // a part of something, and no yes or no
    });
    expect(Object.keys(dataset.tasks)).toEqual(['click', 'is_saved']);
    expect(Object.keys(dataset.features)).toEqual(['is_new', 'age', 'x', 'share']);
  });

  it('says which columns stand between labels', () => {
    const { warnings } = describeColumns({ age, click: yes, x, like: (i) => Number(i % 5 === 0) });
    expect(warnings).toMatchObject([
      { kind: 'between-labels', message: expect.stringContaining('`x` stands') as string },
    ]);
  });

  it('what stands at the end after a label, as a guess', () => {
    const { tasks, warnings } = describeColumns({ age, x, income: yes, marital: (i) => `m${i % 4}` });
    expect(tasks.map(({ name, kind }) => [name, kind])).toEqual([
      ['income', 'binary'],
      ['marital', 'multiclass'],
    ]);
    expect(warnings).toMatchObject([{ kind: 'guessed-task', about: { column: 'marital' } }]);
  });

  it('else the last column that can be one, as a guess', () => {
    const { tasks, kinds } = describeColumns({
      age,
      group: (i) => `g${i % 2}`,
      key: (i) => `k${i}`,
      year: (i) => 1979 + (i % 7),
    });
    expect(tasks).toMatchObject([{ name: 'group', kind: 'binary' }]);
    expect(kinds).toEqual(['guessed-task']);
  });

  it('those that are named, and no others', () => {
    const { tasks, kinds } = describeColumns({ age, label: yes, x }, ['x', 'age']);
    expect([tasks.map(({ name }) => name), kinds]).toEqual([['x', 'age'], []]);
  });

  it('names a task without dots, which models refuse', () => {
    const { dataset } = describeColumns({ age, 'is.click': yes, shared: (i) => i % 2 }, ['is.click', 'shared']);
    expect(dataset.tasks).toEqual({
      is_click: { kind: 'binary', from: 'is.click' },
      shared_task: { kind: 'binary', from: 'shared' },
    });
  });

  it('says when there is no label, no feature, or too few rows', () => {
    expect(describeColumns({ key: (i) => `k${i}` })).toMatchObject({ complete: false, tasks: [] });
    expect(describeColumns({ label: yes }).kinds).toEqual(['one-column', 'no-features']);
    const few = describeCsv('age,y\n41,1\n17,0\n18,1\n');
    expect([few.complete, few.warnings.map(({ kind }) => kind)]).toEqual([false, ['too-few-rows']]);
  });
});

it('numbers of a small table that hardly repeat are no classes', () => {
  const text = `age,score\n${[3, 5, 9, 5, 12, 1, 7].map((score, i) => `${20 + i},${score}`).join('\n')}\n`;
  expect(describeCsv(text, { tasks: ['score'] }).dataset.tasks).toEqual({ score: 'regression' });
});

describe('a label that is mostly one number', () => {
  const cost: Cell = (i) => (i % 50 ? 0 : 100 + i);
  it('gets the advice to add a task for the others, in JSON', () => {
    const { warnings } = describeColumns({ age, 'cost.total': cost }, ['cost.total']);
    expect(warnings).toEqual([
      {
        ...{ kind: 'mostly-one-value', severity: 'warning', about: { column: 'cost.total' } },
        evidence: { value: 0, share: 0.98 },
        message:
          '98% of `cost.total` are 0. Add a yes/no task for the others: ' +
          '"cost_total_above_0": { "kind": "binary", "from": "cost.total", "above": 0 }.',
      },
    ]);
  });

  it('is no matter below a half of the rows, or for the greatest number', () => {
    expect(describeColumns({ age, cost: (i) => (i % 5 < 2 ? 0 : i / 7) }, ['cost']).kinds).toEqual([]);
    expect(describeColumns({ age, cost: (i) => (i % 5 ? 99 : i / 7) }, ['cost']).kinds).toEqual([]);
  });
});

describe('leaks', () => {
  const label = yes;
  it.each<[string, Cell, string]>([
    ['a copy in other words', (i) => (i % 3 ? 'no' : 'yes'), 'says the same as the label `label`'],
    ['a category that tells', (i) => (i % 3 ? `n${i % 5}` : `y${i % 4}`), 'alone tells the label `label`'],
    ['a number that tells', (i) => (i % 3 ? i / 7 : 1000 + i / 7), 'alone tells the label `label`'],
    ['a value where yes', (i) => (i % 3 ? '' : i / 7), 'alone tells the label `label`'],
  ])('%s is left out', (_, cell, what) => {
    const { columns, warnings, features } = describeColumns({ age, leak: cell, label });
    expect(columns[1]).toMatchObject({ use: 'left-out', kind: 'leak', why: `It ${what}. Left out.` });
    expect(warnings).toMatchObject([{ kind: 'label-among-features', about: { column: 'leak' } }]);
    expect(features).toEqual({ age: 'numeric' });
  });

  it('also of lists, of words, and of classes by numbers', () => {
    const { columns } = describeColumns({
      age,
      note: (i) => `order ${(i * i) % 97} came ${(i * 7) % 13} ${i % 3 ? 'late' : 'refund'} ${i % 11}`,
      far: (i) => (i % 3 ? i % 50 : (i % 2 ? 1 : -1) * (100 + (i % 50))),
      tags: (i) => `t${i % 2}|${i % 3 ? 'k' : 'm'}|t${2 + (i % 5)}`,
      label,
    });
    expect(columns.map(({ kind }) => kind)).toEqual(['numeric', 'leak', 'leak', 'leak', 'binary']);
  });

  it('by correlation with a number', () => {
    const { columns } = describeColumns(
      {
        x,
        leak: (i) => 2.5 * Number(exponential(i)) + 1,
        near: (i) => Number(exponential(i)) + 3000 * (i % 2),
        price: exponential,
      },
      ['price'],
    );
    expect(columns.map(({ kind }) => kind)).toEqual(['numeric', 'leak', 'numeric', 'regression']);
  });

  it('proves nothing with fewer than 20 rows of a class', () => {
    const { columns } = describeColumns({ age, leak: (i) => Number(i < 19), label: (i) => Number(i < 19) });
    expect(columns[1]).toMatchObject({ use: 'feature' });
  });

  it('warns of the name of a label in another, and of values for one class alone', () => {
    const named = describeColumns({ age, label_source: (i) => `s${i % 5}`, label });
    expect(named.warnings).toMatchObject([{ kind: 'name-of-label', about: { column: 'label_source' } }]);
    const general = describeColumns({ age, game_type: (i) => `s${i % 5}`, type: label }, ['type']);
    expect(general.warnings).toEqual([]); // many names end with "type"
    const once = describeColumns({ age, reason: (i) => (i % 3 || i % 5 === 0 ? '' : `r${i % 7}`), label });
    expect(once.warnings).toMatchObject([{ kind: 'decides-label', about: { column: 'reason' } }]);
    expect(Object.keys(once.features)).toEqual(['age', 'reason']);
  });

  it('warns of the parts of a total, of which none tells it alone', () => {
    const repair: Cell = (i) => (i % 3 ? 0 : 10 + Number(x(i)));
    const other: Cell = (i) => (i % 2 ? 0 : 7 * Number(age(i)));
    const total: Cell = (i) => Number(repair(i)) + Number(other(i));
    const { features, warnings } = describeColumns({ x, repair, other, total }, ['total']);
    expect(Object.keys(features)).toEqual(['x', 'repair', 'other']);
    expect(warnings).toMatchObject([{ kind: 'combined-leak', about: { column: 'total' } }]);
    expect(warnings[0]!.message).toMatch(
      /^`(other` and `repair|repair` and `other)` together tell the label `total`, by their sum\. Leave out/,
    );
    const half = describeColumns({ x, repair, total }, ['total']); // every other total is the repair
    expect(half.kinds).not.toContain('combined-leak');
  });

  it('warns of two tasks that say the same', () => {
    expect(describeColumns({ age, y: yes, label: (i) => (i % 3 ? 'no' : 'yes') }).kinds).toEqual(['same-labels']);
  });
});

describe('a label that is counted', () => {
  it('has many whole numbers from 0, most of them small', () => {
    expect(taskOf((i) => (i % 4 ? 0 : (i / 4) % 15))).toBe('count');
    expect(taskOf((i) => i % 15)).toMatchObject({ kind: 'multiclass' }); // as frequent as each other: codes
    expect(taskOf((i) => (i % 4 ? 0 : (i / 4) % 7))).toMatchObject({ kind: 'multiclass' });
  });

  it('is a guess where a number between other columns has the name of a label', () => {
    const amount: Cell = (i) => Number(x(i)) / 7;
    const state: Cell = (i) => 'abcde'[i % 5]!;
    expect(describeColumns({ age, income: amount, state }).kinds).toEqual(['guessed-task']);
    expect(describeColumns({ age, state, income: amount }).kinds).toEqual([]);
  });
});

it('skewness is g₁, kurtosis that of a normal distribution is 3', () => {
  expect(standardMoment(Float64Array.of(1, 2, 3), 3)).toBe(0);
  // mean 1, second moment 3, third moment 6
  expect(standardMoment(Float64Array.of(0, 0, 0, 4), 3)).toBeCloseTo(6 / 3 ** 1.5, 12);
  expect(standardMoment(Float64Array.of(-1, 1), 4)).toBe(1);
  expect(standardMoment(Float64Array.of(2, 2), 4)).toBe(0);
});

describe('what may be known only after the outcome', () => {
  const even = (row: number, of: number): number => {
    let hash = Math.imul(31 * row + of, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
  };
  const about = (columns: Readonly<Record<string, Cell>>, label: string) => {
    const rows = Array.from({ length: 2000 }, (_, i) => Object.values(columns).map((cell) => cell(i)).join(',')); // prettier-ignore
    const { warnings } = describeCsv([Object.keys(columns).join(','), ...rows].join('\n'), { tasks: [label] });
    return warnings.filter(({ kind }) => kind === 'decides-label' || kind === 'carries-label');
  };
  const churn: Cell = (i) => Number(even(i, 1) < 0.3);

  it('is a value with which a label is nearly always the same', () => {
    const last_status: Cell = (i) => (churn(i) && even(i, 5) < 0.5 ? 'closing' : ['open', 'idle'][i % 2]!);
    const [warning, ...others] = about({ age, last_status, churn }, 'churn');
    expect(others).toEqual([]);
    expect(warning!.message).toMatch(
      /^`churn` is "1" in all [23]\d\d rows where `last_status` is "closing", and in 1\d% of the others\. Is `last_status` known before/,
    );
  });

  it('is a column that carries a label nearly alone', () => {
    const worldwide: Cell = (i) => Math.round(1000 * (1 + even(i, 3)) ** 8);
    const us: Cell = (i) => Math.round(Number(worldwide(i)) * (0.3 + 0.4 * even(i, 13)));
    const budget: Cell = (i) => Math.round(Number(worldwide(i)) * even(i, 17) ** 2);
    const [warning, ...others] = about({ age, us, budget, worldwide }, 'worldwide');
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ kind: 'carries-label', about: { column: 'us' } });
    expect(warning!.message).toMatch(
      /^`us` alone predicts `worldwide` with R² 0\.9\d, and all other features together with 0\.4\d\. Is `us` known/,
    );
  });

  it('is nothing that other columns say, too', () => {
    const years: Cell = (i) => Math.floor(80 * even(i, 3));
    const education: Cell = (i) => (Number(years(i)) < 20 ? 'child' : ['school', 'college'][i % 2]!);
    const married: Cell = (i) => Number(Number(years(i)) >= 20 && even(i, 5) < 0.8);
    const height: Cell = (i) => Math.floor(100 * even(i, 9));
    expect(about({ height, education, married }, 'married')).toMatchObject([{ about: { column: 'education' } }]);
    expect(about({ years, education, married }, 'married')).toEqual([]);
  });

  it('is nothing that only predicts well', () => {
    const plan: Cell = (i) => (even(i, 5) < (churn(i) ? 0.75 : 0.15) ? 'monthly' : 'yearly'); // AUC .8
    const calls: Cell = (i) => Math.floor(10 * even(i, 7) + 4 * Number(churn(i)));
    expect(about({ age, plan, calls, churn }, 'churn')).toEqual([]);
    const price: Cell = (i) => 100 * even(i, 3) + 40 * even(i, 7) + 30 * even(i, 11);
    expect(about({ area: (i) => even(i, 3), floor: (i) => even(i, 7), price }, 'price')).toEqual([]);
  });
});

it('asks about a feature whose name is like that of a label', () => {
  const suggested = (name: string) => {
    const rows = Array.from({ length: 120 }, (_, i) => `${i % 30},${(i * 7) % 25},${(i * 11) % 27}\n`);
    return describeCsv(`day,${name},away_score\n${rows.join('')}`).suggestions;
  };
  expect(suggested('home_score')).toEqual([
    {
      ...{ kind: 'similar-labels', severity: 'note', about: { column: 'away_score' }, evidence: {} },
      message:
        "`home_score` and the label `away_score` have similar names. If `home_score` isn't known before `away_score`, predict all of them: --tasks away_score,home_score.",
      remedy: { describe: { tasks: ['away_score', 'home_score'] } },
    },
  ]);
  expect(suggested('score_at_home')).toEqual([]);
});
