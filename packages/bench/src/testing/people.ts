import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes `people.json` and `people.csv` to a folder. @param wage changes the rows */
export async function writePeople(folder: string, wage = 50): Promise<void> {
  await writeFile(path.join(folder, 'people.json'), JSON.stringify(people));
  const rows = Array.from({ length: 400 }, (_, i) => {
    const age = 20 + ((i * 37) % 50);
    const job = ['baker', 'smith', 'clerk'][(i * 7) % 3];
    return `${age},${job},${age + (i % 13) > wage ? 'yes' : 'no'},${i % 5 > 2 ? 'yes' : 'no'}`;
  });
  await writeFile(path.join(folder, 'people.csv'), ['age,job,buys,returns', ...rows, ''].join('\n'));
}

const people = {
  files: 'people.csv',
  features: { age: { kind: 'numeric' }, job: { kind: 'categorical' } },
  tasks: { buys: { kind: 'binary', positive: 'yes' }, returns: { kind: 'binary', positive: 'yes' } },
  split: { kind: 'random', validation: 0.2, test: 0.3 },
};
