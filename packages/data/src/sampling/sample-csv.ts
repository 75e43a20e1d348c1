import { sum } from '@polytask/components';
import { fail } from '@polytask/core';
import { type CsvFormat, csvScanner } from '../csv/csv-tokenizer.ts';
import { trimmed } from '../csv/csv-table-reader.ts';
import { noRows, ownText } from '../columns/columns.ts';
import { csvLayout, type Line } from './csv-layout.ts';
import { delimiterChoices, guessComment, guessDelimiter } from './guess-delimiter.ts';
import { rowSampler } from './row-sampler.ts';
import {
  MOST_CHARACTERS,
  MOST_ROWS,
  type TableFinding,
  tableFinding,
  type SampleOptions,
  type TableSample,
} from './table-sample.ts';
import { counted, grouped, listed } from '../words/words.ts';
import { compressionOf, decodeText, decompress, withEncoding } from '../csv/decode.ts';
import { openSource, type FileSource } from '../csv/open-source.ts';

/** The delimiter and the comments are guessed from so much of the text. */
const HEAD = 1 << 18;
/** The names are guessed from so many lines. */
const LINES = 1000;

/** Takes rows of a CSV text that comes in pieces at random, as the readers would divide it. */
export function csvSampler(
  name: string,
  { rows = MOST_ROWS, delimiter, header }: Pick<SampleOptions, 'rows' | 'delimiter' | 'header'>,
) {
  let head: string | undefined = ''; // until the delimiter is known
  let reader: ReturnType<typeof rowReader> | undefined;
  const start = (isEnd: boolean) => {
    const text = head!.startsWith('\uFEFF') ? head!.slice(1) : head!;
    head = undefined;
    checkText(text, name);
    const first = text.slice(0, HEAD);
    const comment = guessComment(first);
    const format = { delimiter: delimiter ?? guessDelimiter(first, isEnd, comment), comment };
    const choices = () => (delimiter === undefined ? delimiterChoices(first, isEnd, comment) : []);
    const layoutOf = (lines: readonly Line[]) => csvLayout(lines, name, format.delimiter, choices, header);
    const started = rowReader(name, format, rows, layoutOf);
    started.push(text);
    return started;
  };
  return {
    push(text: string): void {
      if (reader) return reader.push(text);
      head += text;
      if (head!.length > HEAD) reader = start(false);
    },
    end: () => (reader ?? start(true)).end(),
  };
}

function checkText(text: string, name: string): void {
  const head = text.slice(0, 4096);
  // eslint-disable-next-line no-control-regex
  const strange = head.match(/[\u0000-\u0008\u000E-\u001F\uFFFD]/g)?.length ?? 0;
  if (!head.includes('\u0000') && strange <= head.length / 50) return;
  const isParquet = head.startsWith('PAR1');
  fail({
    expected: `CSV text in ${name}`,
    received: isParquet ? 'a Parquet file' : 'bytes that are no text',
    fix: isParquet
      ? 'Give the file the ending .parquet.'
      : head.startsWith('PK')
        ? 'Save the spreadsheet as CSV.'
        : 'Pass a text file: plain, gzip or brotli.',
  });
}

type CsvLayout = ReturnType<typeof csvLayout>;

function rowReader(name: string, format: CsvFormat, most: number, layoutOf: (lines: readonly Line[]) => CsvLayout) {
  const sampler = rowSampler<readonly string[]>({ rows: most, weight: MOST_CHARACTERS }, (cells) => cells.map(ownText));
  let opening: Line[] = []; // until the names are known
  let layout: CsvLayout | undefined;
  let [rows, odd] = [0, 0];
  const firstOdd: Line[] = [];

  const take = (line: Line): void => {
    const { cells } = line;
    if (cells.length === layout!.names.length) {
      rows++;
      sampler.add(
        cells,
        sum(cells, ({ length }) => length + 1),
      );
    } else {
      odd++;
      if (firstOdd.length < SHOWN) firstOdd.push(line);
    }
  };
  const begin = () => {
    layout = layoutOf(opening);
    layout.body.forEach(take);
    opening = [];
    return layout;
  };
  const scanner = csvScanner(format, name, (cells, line) => {
    if (layout) return take({ cells, line });
    opening.push({ cells: cells.map(trimmed), line });
    if (opening.length === LINES) begin();
  });

  return {
    push: (text: string) => scanner.push(text),
    end(): TableSample {
      scanner.end();
      if (!layout && opening.length === 0) noRows(name, 'an empty text');
      const { names, skip, header: hasNames, warnings } = layout ?? begin();
      if (rows === 0) noRows(name, 'the names of columns alone');
      const chosen = sampler.finish();
      const isSkipped = odd > 0 && odd <= FEW * rows;
      return {
        columns: names.map((column, c) => ({ name: column, values: chosen.map((cells) => trimmed(cells[c]!)) })),
        size: chosen.length,
        total: rows,
        csv: { ...format, skip, header: hasNames, ...(isSkipped && { skipBadRows: true }) },
        warnings: [...warnings, ...raggedWarning(odd, firstOdd, names.length, isSkipped, name)],
      };
    },
  };
}

/** With a larger share of other rows, the text is cut wrongly rather than some of its rows. */
const FEW = 0.05;
const SHOWN = 3;

function raggedWarning(
  odd: number,
  first: readonly Line[],
  width: number,
  isSkipped: boolean,
  name: string,
): TableFinding[] {
  if (odd === 0) return [];
  const what = `${counted(odd, 'row has', 'rows have')} another number of cells than the first line, which has ${width}`;
  const which = listed(first.map(({ cells, line }) => `line ${grouped(line)} has ${cells.length}`));
  const remedy = isSkipped
    ? 'Such rows are skipped ("skipBadRows" in "csv"). Correct the file to keep them.'
    : 'Reading stops there. Correct the file, or write "skipBadRows": true in "csv".';
  const message = `${name}: ${what}: ${which}${odd > SHOWN ? ', …' : ''}. ${remedy}`;
  return [tableFinding('ragged-rows', {}, { rows: odd, width }, message)];
}

/** Reads a file as UTF-8. If that fails, reads it again as windows-1252. */
export async function sampleCsvFile(source: FileSource, options: SampleOptions): Promise<TableSample> {
  if (options.encoding !== undefined) return readSample(source, options);
  const notUtf8 = new Error('other bytes than UTF-8');
  const refuse = (): never => {
    throw notUtf8;
  };
  return readSample(source, options, refuse).catch((error: unknown) => {
    if (error === notUtf8) return readSample(source, { ...options, encoding: 'windows-1252' });
    throw error;
  });
}

async function readSample(source: FileSource, options: SampleOptions, refuse?: () => never): Promise<TableSample> {
  const { name: title } = options;
  const { name, unpacked, bytes } = await openSource(source);
  const compression = unpacked ? 'none' : (compressionOf(name) ?? compressionOf(title));
  const { encoding, pieces } = await withEncoding(decompress(bytes, compression, title), options.encoding);
  const sampler = csvSampler(title, options);
  for await (const text of decodeText(pieces, encoding, title, refuse)) sampler.push(text);
  return { ...sampler.end(), encoding };
}
