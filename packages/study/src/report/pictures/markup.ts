import { htmlText } from '@polytask/components';

/** An element of SVG or HTML as plain data: {@link markupText} writes it, and a page gives it to its own `h`. */
export interface Markup {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number | true>>;
  readonly children: readonly (Markup | string)[];
}

/** Children of an element. Lists are flattened; false and undefined are left out. */
export type Content = Markup | string | false | undefined | readonly Content[];

/** A coordinate with one decimal: a tenth of a pixel. */
export const short = (value: number): number => Number(value.toFixed(1));

/**
 * Makes an element. An attribute that is undefined or false is left out, and a number gets one decimal.
 *
 * @example h('line', { x1: 0, x2: 10.04, class: 'grid' })
 */
export const h = (
  tag: string,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> | null,
  ...children: readonly Content[]
): Markup => ({
  tag,
  attributes: Object.fromEntries(
    Object.entries(attributes ?? {}).flatMap(([name, value]) =>
      value === undefined || value === false ? [] : [[name, typeof value === 'number' ? short(value) : value]],
    ),
  ),
  children: flat(children),
});

const flat = (content: Content): (Markup | string)[] => {
  if (content === undefined || content === false) return [];
  return Array.isArray(content) ? content.flatMap(flat) : [content as Markup | string];
};

/** Elements that may close at once. */
const EMPTY = /^(path|line|circle|rect|polyline|input)$/;

/** An element as text of HTML, or of a file of SVG. All its texts are escaped. */
export function markupText(node: Markup | string): string {
  if (typeof node === 'string') return htmlText(node);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${htmlText(String(value))}"`))
    .join('');
  if (node.children.length === 0 && EMPTY.test(node.tag)) return `<${node.tag}${attributes}/>`;
  return `<${node.tag}${attributes}>${node.children.map(markupText).join('')}</${node.tag}>`;
}

/** A text that a pointer reads on the element around it. */
export const tooltip = (text: string): Markup => h('title', null, text);
