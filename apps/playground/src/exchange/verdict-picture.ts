import { type Summary, svgFile, tablePictures, verdict, type Words } from '@polytask/study';

/** The size of previews on other sites, in pixels. */
const SIZE = { width: 1200, height: 630 };
const MARGIN = 56;
const SERIF = "Charter, 'Bitstream Charter', 'Iowan Old Style', 'Source Serif 4', Cambria, Georgia, serif";
const SANS = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

/**
 * Draws the verdict as a PNG: the answer in sentences, and the differences from the baseline with their intervals. The colors are those
 * of the page.
 *
 * @param rest a line at the foot, such as the data and the day
 */
export async function verdictPicture(summary: Summary, words: Words, rest: string): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), SIZE);
  const context = canvas.getContext('2d')!;
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`);
  context.fillStyle = color('paper');
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  context.textBaseline = 'top';

  context.fillStyle = color('quiet');
  context.font = `italic 26px ${SERIF}`;
  context.fillText('Polytask playground', MARGIN, 40);
  context.font = `22px ${SANS}`;
  context.fillText(fitting(context, rest, SIZE.width - 2 * MARGIN), MARGIN, SIZE.height - 58);

  const { differences } = tablePictures(summary, []);
  const [picture] = differences;
  const room = SIZE.width - 2 * MARGIN;
  const sentences = verdict(summary, words).join(' ');
  const most = picture ? 5 : 9;
  const size =
    [40, 34, 30, 26].find((each) => wrapped(context, sentences, `${each}px ${SERIF}`, room).length <= most) ?? 24;
  const lines = wrapped(context, sentences, `${size}px ${SERIF}`, room);
  context.fillStyle = color('ink');
  const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1]} …`];
  shown.forEach((line, i) => context.fillText(line, MARGIN, 90 + i * size * 1.35));

  if (picture) {
    const top = 90 + shown.length * size * 1.35 + 20;
    const image = await imageOf(svgFile(picture));
    const height = SIZE.height - 80 - top;
    const scale = Math.min(room / image.width, height / image.height);
    context.drawImage(image, MARGIN, top, image.width * scale, image.height * scale);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('This browser draws no PNG.'))), 'image/png');
  });
}

/** Breaks a text into lines that fit. */
function wrapped(context: CanvasRenderingContext2D, text: string, font: string, width: number): string[] {
  context.font = font;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A text with its end left out where it has no room. */
function fitting(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}

async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}
