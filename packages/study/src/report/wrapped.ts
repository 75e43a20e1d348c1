import stringWidth from 'string-width';

/** Lines of at most so many characters, broken between words; a longer word has a line of its own. ANSI codes count nothing. */
export function wrapped(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last !== undefined && stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}
