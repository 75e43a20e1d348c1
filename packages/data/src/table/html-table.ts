import { htmlText } from '@polytask/components';

/** A table of texts as HTML, without colors: notebooks have their own. Names and cells may hold anything. Columns of texts are left-aligned. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isText = head.map((_, i) => rows.some((row) => Number.isNaN(Number(row[i]!.replaceAll(',', '')))));
  const cell = (tag: string, text: string, i: number) =>
    `<${tag}${isText[i] ? ' style="text-align:left"' : ''}>${htmlText(text)}</${tag}>`;
  const row = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text, i) => cell(tag, text, i)).join('')}</tr>`;
  return `<table><thead>${row('th', head)}</thead><tbody>${rows.map((cells) => row('td', cells)).join('')}</tbody></table>`;
}
