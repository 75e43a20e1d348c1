import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../repository.ts';

/** A proof on the front page. */
export interface Proof {
  readonly title: string;
  readonly details: string;
  /** The page with the evidence. */
  readonly link: string;
  readonly linkText: string;
}

/** What a pattern captures in each row of a table. @throws Error when the page has no such row */
function tableRows(page: string, pattern: RegExp): string[][] {
  const rows = [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(pattern)].map((match) => match.slice(1));
  if (rows.length === 0)
    throw new Error(`${page} has no row like ${pattern}. Change apps/site/src/front/front-page.ts with it.`);
  return rows;
}

const rangeOf = (values: readonly number[]) => `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;

/** The proofs, with the numbers of the pages that hold the evidence. */
export function proofs(): Proof[] {
  const speed = tableRows(
    'docs/performance.md',
    /^\| (?:A|B|embeddings) \| [12] \| [\d.]+ \| ([\d.]+) \| ([\d.]+) \|/gm,
  );
  const [library, byHand] = [0, 1].map((column) => rangeOf(speed.map((row) => Number(row[column]))));
  const [[largest, allowed] = []] = tableRows('docs/reference.md', /^\| logits \| ([\d.e-]+) \| ([\d.e-]+) \|/gm);
  const [[single] = []] = tableRows('README.md', /Separate networks win (\d of \d tasks)/g);
  return [
    {
      title: `Training steps ${library} times as fast as PyTorch’s`,
      details:
        `AdaTT-sp beside the authors’ code, on one AMD machine, with one and two threads. Beside a version stacked by hand: ` +
        `${byHand} times.`,
      ...{ link: '/docs/performance', linkText: 'All models and machines' },
    },
    {
      title: `As the authors’ code, to ${allowed}`,
      details:
        `From the same weights, logits differ by ${largest} at most. ` +
        'The command npm run parity checks logits, losses and gradients.',
      ...{ link: '/docs/reference', linkText: 'How it is checked' },
    },
    {
      title: 'Verdicts that may say no',
      details: `On KuaiRand-Pure, separate networks win ${single}, and the report says so. Intervals over seeds, Holm’s correction.`,
      ...{ link: '/docs/results/', linkText: 'All results' },
    },
  ];
}

const HERO = {
  name: 'Polytask',
  text: 'Several tasks, one model?',
  tagline: 'Train multi-task models in TypeScript, and learn whether your tasks should share one.',
  actions: [
    { theme: 'brand', text: 'Get started', link: '/docs/tutorial' },
    { theme: 'alt', text: 'Playground', link: '/playground/index.html', target: '_self' },
    { theme: 'alt', text: 'Guides', link: '/docs/' },
  ],
};

const REST = `
## Who it is for

- You predict several things from the same rows, such as click, like and watch time.
  You ask [whether they should share a model](/docs/when-sharing-helps).
- You train or serve in Node or in a browser, from [a CSV file to a service](/docs/train-without-code).
- You have an idea for [an expert, a gate or a balancer](/docs/components), and want it compared with everything else.

## Who should go elsewhere

- You have one task. On a table, try [gradient boosting](/docs/boosting) first.
- You need GPUs, or tables of hundreds of millions of ids: torch-rechub, TorchEasyRec, NVIDIA Merlin.
- You share a vision backbone or a language model: LibMTL, TorchJD.

A comparison works [together with other tools](/docs/other-tools), too.
`;

/** The front page of the site as Markdown. JSON is YAML, too. */
export function frontPage(): string {
  const description = HERO.tagline; // else the first paragraph that is no list
  const head = { layout: 'home', title: 'Polytask', titleTemplate: 'multi-task learning in TypeScript', description };
  return `---\n${JSON.stringify({ ...head, hero: HERO, features: proofs() })}\n---\n${REST}`;
}
