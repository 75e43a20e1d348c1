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

/** The parts of a text that a pattern captures. @throws Error when the page no longer has the pattern */
function found(page: string, pattern: RegExp): string[] {
  const match = pattern.exec(readFileSync(path.join(ROOT, page), 'utf8'));
  if (!match) throw new Error(`${page} has nothing like ${pattern}. Change apps/site/src/front/front-page.ts with it.`);
  return match.slice(1);
}

/** The proofs, with the numbers of the pages that hold the evidence. */
export function proofs(): Proof[] {
  const [, , ratio, byHand] = found('docs/performance.md', /^\| A \| (1) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|/m);
  const [largest, allowed] = found('docs/reference.md', /^\| logits \| ([\d.e-]+) \| ([\d.e-]+) \|/m);
  const [single] = found('README.md', /Separate networks win (\d of \d tasks)/);
  return [
    {
      title: `A training step ${ratio} times as fast as PyTorch’s`,
      details:
        `AdaTT-sp at the paper’s sizes against the authors’ code, one thread each, on the same machine. Against a version stacked by ` +
        `hand: ${byHand} times.`,
      ...{ link: '/docs/performance', linkText: 'All models and machines' },
    },
    {
      title: `As the authors’ code, to ${allowed}`,
      details: `From the same weights, logits differ by ${largest} at most. \`npm run parity\` checks logits, losses and gradients.`,
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
    { theme: 'brand', text: 'Get started', link: '/readme#start' },
    { theme: 'alt', text: 'Playground', link: '/playground/index.html', target: '_self' },
    { theme: 'alt', text: 'Guides', link: '/docs/' },
  ],
};

const REST = `
## Who it is for

- You predict several things from the same rows, such as click, like and watch time, and ask [whether they should share a model](/docs/when-sharing-helps).
- You train or serve in Node or in a browser, from [a CSV file to a service](/docs/train-without-code).
- You have an idea for [an expert, a gate or a balancer](/docs/components), and want it compared with everything else.

## Who should go elsewhere

- You have one task. On a table, try [gradient boosting](/docs/boosting) first.
- You need GPUs, or tables of hundreds of millions of ids: torch-rechub, TorchEasyRec, NVIDIA Merlin.
- You share a vision backbone or a language model: LibMTL, TorchJD.

A comparison works [together with other tools](/docs/other-tools), too.
`;

/** The front page of the site as Markdown. JSON is YAML, too. */
export const frontPage = (): string =>
  `---\n${JSON.stringify({ layout: 'home', title: 'Polytask', titleTemplate: 'multi-task learning in TypeScript', hero: HERO, features: proofs() })}\n---\n${REST}`;
