import type { Picture } from './pictures/picture.ts';
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

/** Sentences of one paragraph. */
export interface TextBlock extends Common {
  readonly kind: 'text';
  readonly sentences: readonly string[];
  /** The `answer` of a document, a `warning`, or a `note` below a table. Default: plain text. */
  readonly look?: 'answer' | 'note' | 'warning';
}

export interface TableBlock extends Common {
  readonly kind: 'table';
  readonly table: Table;
  /** Whether a click on a title sorts the rows of a page. */
  readonly sortable?: boolean;
}

export interface ListBlock extends Common {
  readonly kind: 'list';
  readonly items: readonly string[];
}

export interface PictureBlock extends Common {
  readonly kind: 'picture';
  readonly picture: Picture;
}

/** Lines to type or to copy. */
export interface CodeBlock extends Common {
  readonly kind: 'code';
  readonly text: string;
}

/** A sentence that begins with a link. */
export interface LinkBlock extends Common {
  readonly kind: 'link';
  readonly text: string;
  readonly address: string;
  readonly rest: string;
}

/** The place for links to the sections of the document. */
export interface ContentsBlock extends Common {
  readonly kind: 'contents';
}

/** Blocks under a title. */
export interface SectionBlock extends Common {
  readonly kind: 'section';
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A part of a document. Its texts are as the data has them: each printer makes them harmless in its format. */
export type Block =
  TextBlock | TableBlock | ListBlock | PictureBlock | CodeBlock | LinkBlock | ContentsBlock | SectionBlock;

/** A report, a model card or an explanation, before a printer writes it for a terminal, in Markdown or in HTML. */
export interface ReportDocument {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A paragraph, or nothing without a sentence. */
export const text = (
  sentences: readonly string[],
  look?: TextBlock['look'],
  more: Common = {},
): readonly TextBlock[] =>
  sentences.length === 0 ? [] : [{ kind: 'text', sentences, ...(look && { look }), ...more }];

/** A paragraph for each line. */
export const lines = (all: readonly string[], look?: TextBlock['look'], more: Common = {}): readonly TextBlock[] =>
  all.flatMap((line) => text([line], look, more));

/** A table, or nothing. */
export const table = (
  given: Table | undefined,
  more: Omit<TableBlock, 'kind' | 'table'> = {},
): readonly TableBlock[] => (given ? [{ kind: 'table', table: given, ...more }] : []);

export const list = (items: readonly string[]): readonly ListBlock[] =>
  items.length === 0 ? [] : [{ kind: 'list', items }];

export const pictures = (all: readonly Picture[], more: Common = {}): readonly PictureBlock[] =>
  all.map((picture) => ({ kind: 'picture', picture, ...more }));

/** A section, or nothing without blocks. */
export const section = (title: string, blocks: readonly Block[], more: Common = {}): readonly SectionBlock[] =>
  blocks.length === 0 ? [] : [{ kind: 'section', title, blocks, ...more }];

/** All pictures of some blocks, in their order. */
export const picturesOf = (blocks: readonly Block[]): Picture[] =>
  blocks.flatMap((block) =>
    block.kind === 'picture' ? [block.picture] : block.kind === 'section' ? picturesOf(block.blocks) : [],
  );
