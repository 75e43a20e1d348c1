/** Reads the examples of source files and pages, so that a test can run them. */

export interface Example {
  readonly code: string;
  /** The value in the comment behind the statement. */
  readonly promised: string;
}

const STATEMENT = /^(.+?);\s*\/\/ (.+)$/;

/** Statements `expression; // value` of `@example` blocks. The expression may span several lines. */
export const docstringExamples = (source: string): Example[] =>
  [...source.matchAll(/@example\n([\s\S]*?)\*\//g)].flatMap((block) => {
    const examples: Example[] = [];
    let statement = '';
    for (const line of block[1]!.split('\n')) {
      statement += ` ${line.replace(/^\s*\*/, '').trim()}`;
      const match = STATEMENT.exec(statement.trim());
      if (!match) continue;
      examples.push({ code: match[1]!, promised: match[2]! });
      statement = '';
    }
    return examples;
  });

/** The number of `@example` tags. */
export const countExamples = (source: string): number => source.split('@example').length - 1;

/** The fenced blocks of code of a page. */
export const pageExamples = (markdown: string): string[] =>
  [...markdown.matchAll(/```[tj]s\n([\s\S]*?)```/g)].map((block) => block[1]!);

/** Whether numbers agree to the written decimals, and everything else is equal. */
export const agrees = (actual: unknown, promised: string): boolean => {
  const numerals = promised.match(/-?\d+(\.\d+)?/g) ?? [];
  const numbers: number[] = [];
  const shape = JSON.stringify(actual, (_, value: unknown) => {
    if (typeof value !== 'number' || Number.isNaN(value)) return Number.isNaN(value) ? 'NaN' : value;
    numbers.push(value);
    return '#';
  });
  const promisedShape = promised
    .replace(/'([^']*)'/g, '"$1"')
    .replace(/(?<=[{,]\s*)(\w+):/g, '"$1":')
    .replace(/\bNaN\b/g, '"NaN"')
    .replace(/(?<![\w"])-?\d+(\.\d+)?(?![\w"])/g, '"#"');
  if (JSON.stringify(JSON.parse(promisedShape)) !== shape || numerals.length !== numbers.length) return false;
  return numbers.every((value, i) => {
    const decimals = numerals[i]!.split('.')[1]?.length ?? 0;
    const tolerance = decimals === 0 ? 1e-9 : 0.501 * 10 ** -decimals;
    return Math.abs(value - Number(numerals[i])) <= tolerance;
  });
};
