import { htmlText } from '@polytask/components';
import { sha256 } from '@noble/hashes/sha2.js';
import { h, type Markup, markupText, colorRules, PICTURE_RULES } from './pictures/markup.ts';
import { slug } from './pictures/chart.ts';
import * as doc from './blocks.ts';

/**
 * Writes a document as one HTML file without external resources, in light and dark colors. Details are folded. A policy in the page lets
 * it load nothing, and run no script but the one that sorts tables. Without scripts, only the sorting is missing.
 *
 * @example await writeFile('report.html', renderHtml(comparisonDocument({ summaries, trials })));
 */
export function renderHtml(document: doc.ReportDocument): string {
  const body = [h('h1', null, document.title), ...blocksMarkup(document.blocks)].map(markupText);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_HASH}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(document.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body.join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** A document as a part of a notebook, in the colors of its theme. Contents and the sorting of tables are for {@link renderHtml}. */
export function htmlPart({ title, blocks }: doc.ReportDocument): string {
  const body = [h('h3', null, title), ...blocksMarkup(blocks, 4)].map(markupText).join('');
  return `<style>${PART_STYLE}</style><div class="polytask">${body}</div>`;
}

/**
 * Blocks as elements of HTML, for a page that has its own rules. Sections have headings from `h2` on.
 *
 * @param level of the headings
 */
export const blocksMarkup = (content: doc.Blocks, level = 2): Markup[] =>
  doc.blocksOf(content).flatMap((block, _, blocks) => blockMarkup(block, level, blocks));

function blockMarkup(block: doc.Block, level: number, siblings: readonly doc.Block[]): Markup[] {
  switch (block.kind) {
    case 'contents':
      return [
        h(
          'nav',
          null,
          siblings.map((each) => each.kind === 'section' && [h('a', { href: `#${idOf(each)}` }, each.title), ' ']),
        ),
      ];
    case 'text':
      return [h('p', { class: block.look }, withCode(block.sentences.join(' ')))];
    case 'list':
      return [
        h(
          'ul',
          null,
          block.items.map((item) => h('li', null, withCode(item))),
        ),
      ];
    case 'code':
      return [h('pre', null, block.text)];
    case 'link':
      return [h('p', null, h('a', { href: block.address }, block.text), block.rest)];
    case 'picture': {
      const { drawing, caption } = block.picture;
      return [h('figure', null, h('div', WIDE, drawing), h('figcaption', null, `${caption}.`))];
    }
    case 'table':
      return doc
        .brokenTable(block.table, PAGE, doc.columnLengths(block.table).map(columnWidth))
        .map((piece) => tableMarkup(piece, block.sortable));
    case 'section': {
      const inner = blocksMarkup(block.blocks, level + 1);
      const title = block.title;
      return block.importance === 'detail'
        ? [h('details', { id: idOf(block) }, h('summary', null, title), inner)]
        : [h('section', { id: idOf(block) }, h(`h${Math.min(level, 4)}`, null, title), inner)];
    }
  }
}

/** A sentence, with what stands between backticks as code. */
const withCode = (sentence: string): (Markup | string)[] =>
  sentence.split(/`([^`]+)`/).map((part, i) => (i % 2 === 1 ? h('code', null, part) : part));

/** A part that scrolls by itself where it is wider than the window. */
const WIDE = { class: 'wide', tabindex: '0' };

const idOf = ({ title }: doc.BlockOf<'section'>): string => `section-${slug(title)}`;

/** The largest width of a table in pixels: a window of 1280 without its scroll bar and the margins of the page. */
const PAGE = 1220;
/** The width of a column in pixels, by the style of the page: digits of 13px, and the padding at both sides. */
const columnWidth = (characters: number): number => 7.3 * characters + 17;

export function tableMarkup({ columns, rows }: doc.Table, sortable = false): Markup {
  const spans: { over: string; marks: string; count: number }[] = [];
  for (const { over = '', overMarks = '' } of columns) {
    if (spans.at(-1)?.over === over) spans.at(-1)!.count++;
    else spans.push({ over, marks: overMarks, count: 1 });
  }
  const above = h(
    'tr',
    { class: 'over' },
    spans.map(({ over, marks, count }) => h(over === '' ? 'td' : 'th', { colspan: String(count) }, over, mark(marks))),
  );
  const titles = columns.map(({ title, marks = '' }) =>
    h('th', { scope: 'col' }, sortable ? h('button', { type: 'button' }, title) : title, mark(marks)),
  );
  const head = h('thead', null, columns.some(({ over = '' }) => over !== '') && above, h('tr', null, titles));
  const body = h(
    'tbody',
    null,
    rows.map((row) => h('tr', null, row.map(cellMarkup))),
  );
  return h('div', WIDE, h('table', { class: sortable ? 'sortable' : undefined }, head, body));
}

function cellMarkup({ text, winner, marks = '', tone }: doc.Cell, i: number): Markup {
  const content = [winner ? `${text.trim()}*` : text.trim(), mark(marks)];
  return i === 0 ? h('th', { scope: 'row' }, content) : h('td', { class: winner ? 'winner' : tone }, content);
}

const mark = (marks: string) => marks !== '' && h('span', { class: 'mark' }, marks);

/** Sorts the rows of a table by the column whose title is clicked: numbers by size, texts by the alphabet. */
const SCRIPT = `for(const b of document.querySelectorAll('.sortable button'))b.onclick=()=>{
const th=b.parentNode,i=th.cellIndex,body=th.closest('table').tBodies[0],up=th.ariaSort!=='ascending';
for(const e of th.parentNode.cells)e.ariaSort=null;th.ariaSort=up?'ascending':'descending';
const key=r=>parseFloat(r.cells[i].textContent.replace(/[,<]/g,'')),
by=(a,b)=>key(a)-key(b)||a.cells[i].textContent.localeCompare(b.cells[i].textContent);
body.append(...[...body.rows].sort((a,b)=>up?by(a,b):by(b,a)))}`;

const SCRIPT_HASH = btoa(String.fromCharCode(...sha256(new TextEncoder().encode(SCRIPT))));

/** The rules of documents, for the style sheet of a page. They need the {@link colorRules}. */
export const DOCUMENT_RULES = `${PICTURE_RULES}
.wide{overflow-x:auto}figure{display:inline-block;vertical-align:top;max-width:100%;box-sizing:border-box;margin:1rem 0;padding-right:1.5rem}
figure svg{display:block}figcaption{contain:inline-size;min-width:18rem}.note,figcaption{color:var(--quiet);font-size:13px;margin:.15rem 0}
.wide table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap;margin:.5rem 0}
.wide th,.wide td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid var(--line);font-weight:400}
.wide th:first-child{text-align:left}.wide thead th{color:var(--quiet)}
.wide .over td{border:0}.wide .over th{border:0;text-align:center;color:var(--ink);font-weight:600;padding-bottom:0}
.wide tbody th{font-weight:600}.winner{font-weight:700}.good{color:var(--good)}.bad{color:var(--bad)}
.warning{font-size:13px;margin:.15rem 0}.mark{color:var(--bad);font-weight:600}
.sortable button{all:unset;cursor:pointer}.sortable button:focus-visible{outline:2px solid var(--accent)}
.sortable [aria-sort=ascending] button::after{content:' ↑'}.sortable [aria-sort=descending] button::after{content:' ↓'}`;

const TEXT = 'font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:var(--paper);';

const RULES = `h3,h4{font-size:1.05rem;margin:1.5rem 0 .5rem}p,li{overflow-wrap:anywhere}p{max-width:65rem;margin:.4rem 0}a{color:var(--accent)}
nav{margin:1rem 0;line-height:1.9}nav a{margin-right:1rem;display:inline-block}
.answer{font-size:1.1rem;margin:.6rem 0}pre{overflow-x:auto}
details{margin:.5rem 0}summary{cursor:pointer;font-weight:600}
${DOCUMENT_RULES}`;

const STYLE = `${colorRules(':root')}
body{margin:1.25rem auto;max-width:1240px;padding:0 1.25rem;box-sizing:border-box;${TEXT}}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.2rem;margin:1.75rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
${RULES}
@media print{details::details-content{content-visibility:visible;height:auto}.wide{overflow:visible}body{font-size:11px}
@page{size:landscape}.wide table{font-size:10px}.wide th,.wide td{padding:.15rem .4rem}
figure,tr{break-inside:avoid}figure svg{max-width:100%;height:auto}}`;

/** Themes of JupyterLab and VS Code that are dark. */
const DARK = ':is([data-jp-theme-light=false],.vscode-dark) .polytask';

/** In JupyterLab, which has rules of its own for tables and links. */
const PART_STYLE = `${colorRules('.polytask', DARK)}
.polytask{padding:.5rem 1rem;${TEXT}${RULES}
nav{display:none}.sortable button{cursor:auto}a:any-link{color:var(--accent)}
.wide tbody tr:nth-child(n){background:none}.wide :is(th,td){white-space:nowrap}}`;
