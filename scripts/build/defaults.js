import ts from 'typescript';

/**
 * A source whose docstrings of options end with their defaults, as declarations have them: `alpha: optional(positive, 1.5)` says
 * "Default `1.5`."
 *
 * @param {string} text @param {string} file
 */
export function withDefaults(text, file) {
  if (!text.includes('optional(')) return text;
  /** @type {{ at: number, sentence: string }[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const [docstring] = ts.isPropertyAssignment(node) ? ts.getJSDocCommentsAndTags(node) : [];
    if (docstring && ts.isPropertyAssignment(node) && ts.isCallExpression(node.initializer)) {
      const { expression, arguments: given } = node.initializer;
      const [, value] = given;
      if (/^(checks\.)?optional$/.test(expression.getText()) && value && !ts.isFunctionLike(value))
        found.push({ at: docstring.end - 2, sentence: `Default \`${value.getText().replace(/^'(.*)'$/, '$1')}\`.` });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  return found.reduceRight((before, { at, sentence }) => {
    const docstring = before.slice(0, at).trimEnd();
    return `${docstring}${docstring.endsWith('*') ? '' : ' '}${sentence} ${before.slice(at)}`;
  }, text);
}
