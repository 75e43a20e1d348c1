import path from 'node:path';
import type { Summary } from '@polytask/study';
import { GALLERY } from '../navigation.ts';
import { WRITTEN_PAGES } from '../repository.ts';
import type { Study } from './studies.ts';

/** A link from a page of the gallery to a file of the repository. */
export const fromHere = (file: string): string => path.posix.relative(`${WRITTEN_PAGES}${GALLERY}`, file);

/** The links of a text that was written for `docs`, from a page of the gallery. */
export const linkedFromHere = (text: string): string =>
  text.replace(/\]\(([a-z-]+\.md)/g, (_, page: string) => `](${fromHere(`docs/${page}`)}`);

/** The head of a page. Nobody edits it. @param rest further lines of YAML */
export const frontmatter = (description: string, rest = ''): string =>
  `---\neditLink: false\ndescription: ${JSON.stringify(description)}\n${rest}---\n`;

export const capitalized = (text: string): string => text.replace(/^./, (letter) => letter.toUpperCase());

/** The name of a comparison's data. */
export const dataOf = ({ summaries: [summary] }: Pick<Study, 'summaries'>): string =>
  String(((summary as Summary).config.data as { readonly set?: unknown }).set ?? 'synthetic tasks');
