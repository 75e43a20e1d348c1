import { comparisonSentences, type Picture, type Summary, svgFile, tablePictures } from '@polytask/study';

/** The size of previews on other sites, in pixels. */
const SIZE = { width: 1200, height: 630 };
const MARGIN = 56;
/** The least height of the differences, and the room at the left for names that are wider than thought, in pixels. */
const LEAST = 80;
const NAMES = 24;
const SERIF = "Charter, 'Bitstream Charter', 'Iowan Old Style', 'Source Serif 4', Cambria, Georgia, serif";
const SANS = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

/** What a picture says. */
export interface VerdictOf {
  readonly summary: Summary;
  /** A line at the foot, such as the data and the day. */
  readonly foot: string;
}

/**
 * Draws the verdict as a PNG: the answer, the sentences behind it, and the differences from the baseline with their intervals. The colors
 * are those of the page.
 */
export async function verdictPicture({ summary, foot }: VerdictOf): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), SIZE);
  const context = canvas.getContext('2d')!;
  const style = getComputedStyle(document.documentElement);
  const room = SIZE.width - 2 * MARGIN;
  let top = 40;
  const write = (
    text: string,
    color: string,
    most: number,
    [size = 24, ...smaller]: readonly number[],
    font = SERIF,
  ) => {
    context.font = `${size}px ${font}`;
    const lines = wrapped(context, text, room);
    if (lines.length > most && smaller.length > 0) return void write(text, color, most, smaller, font);
    context.fillStyle = style.getPropertyValue(color);
    const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1]} …`];
    for (const line of shown) {
      context.fillText(line, MARGIN, top);
      top += size * 1.35;
    }
  };
  context.fillStyle = style.getPropertyValue('--paper');
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  context.textBaseline = 'top';
  write('Polytask playground', '--quiet', 1, [24]);
  top += 10;

  const { answer, tasks } = comparisonSentences(summary);
  write(answer.join(' '), '--ink', 4, [40, 34, 30]);
  top += 12;
  if (tasks.length > 0) write(tasks.join(' '), '--quiet', 4, [22, 20], SANS);

  const [picture] = tablePictures(summary, []).gains;
  const height = SIZE.height - 80 - top;
  if (picture && height > LEAST) {
    const image = await imageOf(picture);
    const scale = Math.min(room / image.width, height / image.height);
    const [width, tall] = [image.width * scale, image.height * scale];
    context.drawImage(image, MARGIN, top + (height - tall) / 2, width, tall);
  }
  top = SIZE.height - 56;
  write(foot, '--quiet', 1, [22, 18, 14], SANS);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('This browser draws no PNG.'))), 'image/png');
  });
}

/** Breaks a text into lines that fit. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A picture as an image, with room for the names at its left, and without a background. */
async function imageOf({ drawing, ...picture }: Picture): Promise<HTMLImageElement> {
  const [x, y, width, height] = String(drawing.attributes['viewBox']).split(' ').map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const wider = { viewBox: `${x - NAMES} ${y} ${width + NAMES} ${height}`, width: width + NAMES, height };
  const attributes = { ...drawing.attributes, ...wider, style: 'background:none' };
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgFile({ ...picture, drawing: { ...drawing, attributes } }))}`;
  await image.decode();
  return image;
}
