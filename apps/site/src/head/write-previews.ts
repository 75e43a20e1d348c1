import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { renderAsync } from '@resvg/resvg-js';
import { ROOT } from '../repository.ts';
import { drawPreview } from './draw-preview.ts';
import { type PageFacts, pictureOf } from './page-head.ts';

const CACHE = path.join(ROOT, 'node_modules/.cache/previews');

const fontFile = (name: string) =>
  createRequire(import.meta.url).resolve(`@expo-google-fonts/inter/${name}/Inter_${name}.ttf`);

/** Pictures look alike on every machine: they use no font of the system. */
const OPTIONS = {
  font: { loadSystemFonts: false, fontFiles: ['400Regular', '700Bold'].map(fontFile), defaultFontFamily: 'Inter' },
};

/**
 * Draws the link previews of pages as PNG. What the previous build has drawn is copied.
 *
 * @param folder of the built site
 */
export async function writePreviews(folder: string, pages: readonly PageFacts[]): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  for (const { page, title, description } of pages) {
    const svg = drawPreview(page, title, description);
    const cached = path.join(CACHE, `${createHash('sha256').update(svg).digest('hex').slice(0, 32)}.png`);
    if (!existsSync(cached)) await writeFile(cached, (await renderAsync(svg, OPTIONS)).asPng());
    const file = path.join(folder, pictureOf(page));
    await mkdir(path.dirname(file), { recursive: true });
    await copyFile(cached, file);
  }
}
