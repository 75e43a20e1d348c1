import type { MarkdownRenderer, MarkdownEnv } from 'vitepress';
import path from 'node:path';
import { ROOT, siteLink } from './repository.ts';

/** Gives a code block by indentation the box of other code blocks: it scrolls by itself, also with the keyboard. Markdown-it calls this. */
export function codeBlocksPlugin(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('boxes-of-code', ({ tokens }: { tokens: ReturnType<MarkdownRenderer['parse']> }) => {
    for (const token of tokens.filter(({ type }) => type === 'code_block')) {
      token.type = 'fence';
      token.info = 'text';
    }
  });
}

/**
 * Lets links that are written for the repository work in the site. Markdown-it calls this.
 *
 * A link to `../packages/core` becomes `/packages/core/`, and a link to a program becomes its address in the repository.
 */
export function linksPlugin(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('repository-links', ({ tokens, env }: { tokens: Token[]; env: Partial<MarkdownEnv> }) => {
    const file = env.realPath ?? env.path;
    if (file === undefined) return; // the title of a page, which VitePress parses by itself
    const page = path.relative(ROOT, file).replaceAll(path.sep, '/');
    for (const link of tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open')) {
      const href = link.attrGet('href') ?? '';
      if (!/^([a-z]+:|#|\/)/.test(href)) link.attrSet('href', siteLink(page, href));
    }
  });
}

type Token = ReturnType<MarkdownRenderer['parse']>[number];
