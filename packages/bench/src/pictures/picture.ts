import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { colourRules, pictureConfig } from './theme.ts';

/** A picture that is still a specification. */
export interface Picture {
  /** Of its file, without an ending. */
  readonly name: string;
  /** What it shows, in a line. */
  readonly caption: string;
  readonly spec: TopLevelSpec;
}

/** The picture as SVG. Its colours are variables, which the page around it defines. */
export async function renderSvg({ name, spec, caption }: Picture): Promise<string> {
  const view = new View(parse(compile({ ...spec, config: pictureConfig }).spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    const unique = svg.replace(/(id="|url\(#)(clip\d+)/g, `$1${name}-$2`); // a page has several pictures, and one name for each id
    return unique.replace(
      '<svg ',
      `<svg role="img" aria-label="${caption.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}" `,
    );
  } finally {
    view.finalize();
  }
}

/** The same for a file of its own: it brings its colours, and a background. */
export const standalone = (svg: string): string =>
  svg.replace('>', `><style>${colourRules(':root')}svg{background:var(--paper)}</style>`);
