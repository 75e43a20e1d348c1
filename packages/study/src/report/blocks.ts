import { type Maybe, present } from '../format.ts';
import type { Picture } from './pictures/chart.ts';
import type { Table } from './table.ts';

/** What comes without opening anything: `main`. A `detail` is folded on a page, and left out in a terminal. */
export type Importance = 'main' | 'detail';

/** Who a block is written for. */
export type Reader = 'everybody' | 'analyst';

interface Common {
  /** Default: `main`. */
  readonly importance?: Importance;
  /** Default: `everybody`. */
  readonly reader?: Reader;
}

/** The kinds of blocks. */
interface Kinds {
  /** Sentences of one paragraph: the `answer` of a document, a `warning`, or a `note` below a table. Default: plain text. */
  readonly text: { readonly sentences: readonly string[]; readonly look?: 'answer' | 'note' | 'warning' };
  /** With `sortable`, a click on a title sorts the rows of a page. */
  readonly table: { readonly table: Table; readonly sortable?: boolean };
  readonly list: { readonly items: readonly string[] };
  readonly picture: { readonly picture: Picture };
  /** Lines to type or to copy. */
  readonly code: { readonly text: string };
  /** A sentence that begins with a link. */
  readonly link: { readonly text: string; readonly address: string; readonly rest: string };
  /** The place for links to the sections of the document. */
  readonly contents: object;
  /** Blocks under a title. */
  readonly section: { readonly title: string; readonly blocks: readonly Block[] };
}

/** A block of one kind. */
export type BlockOf<K extends keyof Kinds> = Common & { readonly kind: K } & Kinds[K];

/** A part of a document. Its texts are as the data has them: each printer makes them harmless in its format. */
export type Block = { readonly [K in keyof Kinds]: BlockOf<K> }[keyof Kinds];

/** A report, a model card or an explanation, before a printer writes it for a terminal, in Markdown or in HTML. */
export interface ReportDocument {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A paragraph, or nothing without a sentence. */
export function text(
  given: readonly Maybe<string>[],
  look?: BlockOf<'text'>['look'],
  more: Common = {},
): readonly BlockOf<'text'>[] {
  const sentences = present(given);
  return sentences.length === 0 ? [] : [{ kind: 'text', sentences, ...(look && { look }), ...more }];
}

/** A paragraph in small letters. */
export const note = (...sentences: readonly Maybe<string>[]): readonly BlockOf<'text'>[] => text(sentences, 'note');

/** A paragraph for each line. */
export const lines = (
  all: readonly Maybe<string>[],
  look?: BlockOf<'text'>['look'],
  more: Common = {},
): readonly BlockOf<'text'>[] => all.flatMap((line) => text([line], look, more));

/** A table, or nothing. */
export const table = (
  given: Table | undefined,
  more: Omit<BlockOf<'table'>, 'kind' | 'table'> = {},
): readonly BlockOf<'table'>[] => (given ? [{ kind: 'table', table: given, ...more }] : []);

export function list(given: readonly Maybe<string>[]): readonly BlockOf<'list'>[] {
  const items = present(given);
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

export const pictures = (all: readonly Picture[], more: Common = {}): readonly BlockOf<'picture'>[] =>
  all.map((picture) => ({ kind: 'picture', picture, ...more }));

/** A section, or nothing without blocks. */
export const section = (title: string, blocks: readonly Block[], more: Common = {}): readonly BlockOf<'section'>[] =>
  blocks.length === 0 ? [] : [{ kind: 'section', title, blocks, ...more }];

/** All pictures of some blocks, in their order. */
export const picturesOf = (blocks: readonly Block[]): Picture[] =>
  blocks.flatMap((block) =>
    block.kind === 'picture' ? [block.picture] : block.kind === 'section' ? picturesOf(block.blocks) : [],
  );
