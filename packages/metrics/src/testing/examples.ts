/** Reads the examples out of source files and pages, so that a test can run them. */

export interface Example {
  readonly code: string;
  /** What the comment behind the statement promises. */
  readonly promised: string;
}

const STATEMENT = /^(.+?);\s*\/\/ (.+)$/;

/** Lines `expression; // value` of `@example` blocks. */
export const docstringExamples = (source: string): Example[] =>
  [...source.matchAll(/@example\n([\s\S]*?)\*\//g)].flatMap((block) =>
    block[1]!
      .split('\n')
      .map((line) => STATEMENT.exec(line.replace(/^\s*\* ?/, '')))
      .flatMap((match) => (match ? [{ code: match[1]!, promised: match[2]! }] : [])),
  );

/** How many `@example` tags there are. */
export const countExamples = (source: string): number => source.split('@example').length - 1;

/** Fenced `ts` blocks of a page. */
export const pageExamples = (markdown: string): string[] =>
  [...markdown.matchAll(/```ts\n([\s\S]*?)```/g)].map((block) => block[1]!);

/** Numbers agree to the decimals that are written; everything else is equal. */
export const agrees = (actual: unknown, promised: string): boolean => {
  const written = promised.match(/-?\d+(\.\d+)?/g) ?? [];
  const places: number[] = [];
  const shape = JSON.stringify(actual, (_, value: unknown) => {
    if (typeof value !== 'number' || Number.isNaN(value)) return Number.isNaN(value) ? 'NaN' : value;
    places.push(value);
    return '#';
  });
  const promisedShape = promised
    .replace(/'([^']*)'/g, '"$1"')
    .replace(/(?<=[{,]\s*)(\w+):/g, '"$1":')
    .replace(/\bNaN\b/g, '"NaN"')
    .replace(/(?<![\w"])-?\d+(\.\d+)?(?![\w"])/g, '"#"');
  if (JSON.stringify(JSON.parse(promisedShape)) !== shape || written.length !== places.length) return false;
  return places.every((value, i) => {
    const decimals = written[i]!.split('.')[1]?.length ?? 0;
    const tolerance = decimals === 0 ? 1e-9 : 0.501 * 10 ** -decimals;
    return Math.abs(value - Number(written[i])) <= tolerance;
  });
};
