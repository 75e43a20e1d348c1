/** How a value looks in a notebook, as HTML; and as text where a program shows no HTML. */
export interface NotebookView {
  readonly html: string;
  readonly text: string;
}

/**
 * Makes an object show itself in a notebook, by the protocol of Deno's kernel for Jupyter. JSON, copies and comparisons of the object stay
 * the same. With a prototype, all objects of its class show themselves. A later view replaces the one before.
 *
 * @example inNotebook({ rows: 3 }, ({ rows }) => ({ html: `<b>${rows}</b> rows`, text: `${rows} rows` }))
 */
export function inNotebook<T extends object>(value: T, view: (value: T) => NotebookView): T {
  function show(this: T) {
    const { html, text } = view(this);
    return { 'text/html': html, 'text/plain': text };
  }
  return Object.defineProperty(value, Symbol.for('Jupyter.display'), { value: show, configurable: true });
}
