import type { MarkdownRenderer } from 'vitepress';

/** Gives a code block by indentation the box of other code blocks: it scrolls by itself, also with the keyboard. Markdown-it calls this. */
export function codeBlocksPlugin(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('boxes-of-code', ({ tokens }: { tokens: ReturnType<MarkdownRenderer['parse']> }) => {
    for (const token of tokens.filter(({ type }) => type === 'code_block')) {
      token.type = 'fence';
      token.info = 'text';
    }
  });
}
