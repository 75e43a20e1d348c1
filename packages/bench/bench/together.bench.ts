// Does `which-together` find the groups of tasks whose truth is known, and no groups if there are none?
//   npm run together-quality -- [draws]
// Each draw (default: 10) has new synthetic tasks: four in two pairs with 2,000 training rows, and four unrelated ones with 300. Of the
// first draw of each it prints the report, with the proof.
import { renderText, togetherDocument, whichTogether } from '@polytask/bench';

const [draws = '10'] = process.argv.slice(2);

const PAIRS = [
  [1, 0.9, 0, 0],
  [0.9, 1, 0, 0],
  [0, 0, 1, 0.9],
  [0, 0, 0.9, 1],
];

/** The groups of a draw, as text. */
async function groupsOf(
  seed: number,
  correlation: number | readonly (readonly number[])[],
  rows: number,
): Promise<string> {
  const data = { tasks: 4, correlation, conflict: 0, rows, seed };
  const found = await whichTogether({ suite: { name: 'draws', extends: 'synthetic', data }, workers: 2 });
  if (seed === 1) console.log(renderText(togetherDocument(found)));
  return found.groups?.map((group) => group.join(' + ')).join(', ') ?? "can't tell";
}

for (const [kind, correlation, rows, truth] of [
  ['two pairs', PAIRS, 2_000, 'task1 + task2, task3 + task4'],
  ['unrelated', 0, 300, "can't tell"],
] as const) {
  let right = 0;
  for (let seed = 1; seed <= Number(draws); seed++) {
    const groups = await groupsOf(seed, correlation, rows);
    right += Number(groups === truth);
    console.log(`${kind}, draw ${seed}: ${groups}`);
  }
  console.log(`${kind}: ${right} of ${draws} draws are right`);
}
