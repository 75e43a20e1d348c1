import ts from 'typescript';

/**
 * A part of a docstring, its description or a tag, as Markdown, with the line of the file where it begins.
 * @typedef {{ line: number, markdown: string }} DocstringPart
 */

/** Tags that hold code. */
const CODE_TAGS = new Set(['example', 'see']);

/**
 * The docstrings of what a TypeScript file exports, members included. A link `{@link name}` is a name in code font.
 * @param {string} source @returns {DocstringPart[]}
 * @example docstringsOf('/** Adds. *\/\nexport const add = 1;') // [{ line: 1, markdown: 'Adds.' }]
 */
export function docstringsOf(source) {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  /** @type {Set<ts.JSDoc>} */
  const docstrings = new Set();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isBlock(node)) return;
    for (const found of ts.getJSDocCommentsAndTags(node)) if (ts.isJSDoc(found)) docstrings.add(found);
    ts.forEachChild(node, visit);
  };
  file.statements.filter(isExport).forEach(visit);
  return [...docstrings].flatMap((docstring) =>
    [docstring, ...(docstring.tags ?? [])]
      .filter((part) => ts.isJSDoc(part) || !CODE_TAGS.has(part.tagName.text))
      .map((part) => ({ line: lineOfText(part, file), markdown: markdownOf(part.comment) })),
  );
}

/** @param {ts.Statement} statement */
const isExport = (statement) =>
  ts.canHaveModifiers(statement) &&
  !!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** @param {ts.JSDoc['comment']} comment */
const markdownOf = (comment) =>
  typeof comment === 'string' || !comment
    ? (comment ?? '')
    : comment.map((part) => (part.kind === ts.SyntaxKind.JSDocText ? part.text : '`link`')).join('');

/** The line of the first word. @param {ts.JSDoc | ts.JSDocTag} part @param {ts.SourceFile} file */
function lineOfText(part, file) {
  const start = part.getStart(file);
  const space = /^[\s/*]*/.exec(file.text.slice(start))?.[0] ?? '';
  return file.getLineAndCharacterOfPosition(start + space.length).line + 1;
}
