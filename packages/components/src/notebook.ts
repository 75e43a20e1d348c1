import { htmlText } from './safe-text.ts';

/** How a value looks in a notebook, as HTML; and as text where a program shows no HTML. */
export interface NotebookView {
  readonly html: string;
  readonly text: string;
}

/**
 * Makes an object show itself in a notebook, by the protocol of Deno's kernel for Jupyter. JSON, copies and comparisons of the object stay
 * the same. With a prototype, all objects of its class show themselves.
 *
 * @example inNotebook({ rows: 3 }, ({ rows }) => ({ html: `<b>${rows}</b> rows`, text: `${rows} rows` }))
 */
export function inNotebook<T extends object>(value: T, view: (value: T) => NotebookView): T {
  function show(this: T) {
    const { html, text } = view(this);
    return { 'text/html': html, 'text/plain': text };
  }
  return Object.defineProperty(value, Symbol.for('Jupyter.display'), { value: show });
}

/** A table of texts as HTML, without colors: notebooks have their own. Names and cells may hold anything. Columns of texts are left-aligned. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isText = head.map((_, i) => rows.some((row) => Number.isNaN(Number(row[i]!.replaceAll(',', '')))));
  const cell = (tag: string, text: string, i: number) =>
    `<${tag}${isText[i] ? ' style="text-align:left"' : ''}>${htmlText(text)}</${tag}>`;
  const row = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text, i) => cell(tag, text, i)).join('')}</tr>`;
  return `<table><thead>${row('th', head)}</thead><tbody>${rows.map((cells) => row('td', cells)).join('')}</tbody></table>`;
}
