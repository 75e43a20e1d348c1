/** The fewest rows that somebody would sort. */
const FEWEST = 4;

/** Puts a button into each head of a table that sorts its rows, first the largest numbers. A second call changes nothing. */
export function makeSortable(table: HTMLTableElement): void {
  const [body] = table.tBodies;
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body || body.rows.length < FEWEST || table.querySelector('th button')) return;
  heads.forEach((head, column) => {
    if (head.textContent?.trim() === '') return;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    button.addEventListener('click', () => {
      const order = head.ariaSort === 'descending' ? 'ascending' : 'descending';
      for (const each of heads) each.ariaSort = null;
      head.ariaSort = order;
      const rows = [...body.rows].sort((a, b) => compareCells(textOf(b, column), textOf(a, column)));
      body.append(...(order === 'ascending' ? rows.reverse() : rows));
    });
    head.append(button);
  });
}

const textOf = (row: HTMLTableRowElement, column: number) => row.cells[column]?.textContent ?? '';

/** Compares two cells as numbers, or as texts where one has none. A number may have a sign before and an interval behind it. */
export function compareCells(a: string, b: string): number {
  const [left, right] = [numberOf(a), numberOf(b)];
  return left === undefined || right === undefined ? a.localeCompare(b) : left - right;
}

const numberOf = (text: string): number | undefined => {
  const number = /^\s*[+\-−]?[\d,]*\.?\d+/.exec(text)?.[0];
  return number === undefined ? undefined : Number(number.replaceAll(',', '').replace('−', '-'));
};
