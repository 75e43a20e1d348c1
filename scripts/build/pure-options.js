import { readFile } from 'node:fs/promises';

/** A comment, or a call that describes an option. */
const COMMENT_OR_CALL =
  /\/\*[^]*?\*\/|\/\/.*|(?<![\w$.'"`])(?:checks\.)?(?:optional|listOf|either|record|shaped|component|oneOf|wholeNumber|number|custom)(?:<[^()=]*>)?\(/g;

/** A description of options. One that spreads another, or reads a property, could have an effect, for a bundler. */
const IMPURE = /^ {2}(\.\.\.|\w+: [\w.]+\.\w+[,(])/m;
const DESCRIPTION = /^((?:export )?const \w+(?:: \w+<[\w<>, ]+>)? = )\{\n((?:(?: .*)?\n)*?)\}(?: satisfies [^;]+)?;$/gm;

/**
 * Marks the calls that describe options as pure, so that the bundler of a page leaves out the options of functions that the page doesn't
 * call.
 *
 * @param {string} text a TypeScript source
 */
export function withPureOptions(text) {
  if (!/\b(optional|custom|number|either)\b/.test(text)) return text;
  const marked = text.replace(COMMENT_OR_CALL, (each) => (each.startsWith('/') ? each : `/* @__PURE__ */ ${each}`));
  return marked.replace(DESCRIPTION, (all, start, body) =>
    body.includes('@__PURE__') && IMPURE.test(body) ? `${start}/* @__PURE__ */ (() => ({\n${body}}))();` : all,
  );
}

/** @type {import('esbuild').Plugin} */
export const pureOptions = {
  name: 'pure-options',
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => ({
      contents: withPureOptions(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};
