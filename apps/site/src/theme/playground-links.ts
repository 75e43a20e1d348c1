/** A link to the playground. */
export interface PlaygroundLink {
  readonly text: string;
  /** Without the base of the site. */
  readonly address: string;
}

const PLAYGROUND = '/playground/index.html#';

/** The lessons that show what a guide says: the name in the address, and the title. */
const LESSONS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'docs/when-sharing-helps.md': [
    ['why-share', 'Why share at all?'],
    ['negative-transfer', 'Negative transfer'],
    ['seesaw', 'The seesaw'],
  ],
  'docs/gating.md': [['gates-that-collapse', 'Gates that collapse']],
  'docs/adatt.md': [['residual', 'What AdaTT’s residual does']],
};

/** What a page has in the playground. @param page its path: `docs/adatt.md` */
export function playgroundLinks(page: string): PlaygroundLink[] {
  const study = /^docs\/results\/([^/]+)\/report\.md$/.exec(page)?.[1];
  if (study !== undefined)
    return [
      { text: 'explore these trials', address: `${PLAYGROUND}results=../docs/results/${study}/results.jsonl.gz` },
    ];
  return (LESSONS[page] ?? []).map(([name, title]) => ({ text: title, address: `${PLAYGROUND}lesson=${name}` }));
}
