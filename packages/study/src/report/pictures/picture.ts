import { type Drawing, svg } from './chart.ts';
import { h, type Markup, markupText } from './markup.ts';
import { colorRules, PICTURE_RULES } from './theme.ts';

/** A picture as plain data. */
export interface Picture {
  /** The name of the file, without its extension. */
  readonly name: string;
  /** The caption in one line, without a full stop. */
  readonly caption: string;
  /** An `svg` element. Its colors are CSS variables of the page. */
  readonly drawing: Markup;
}

/** A picture of a drawing, which is described by its caption. */
export const drawPicture = (name: string, caption: string, drawing: Drawing): Picture => ({
  ...{ name, caption },
  drawing: svg(drawing, caption),
});

/** The text of a picture's element, for a page with the rules and colors of reports. */
export const svgText = ({ drawing }: Picture): string => markupText(drawing);

const STYLE = `${colorRules(':root')}${PICTURE_RULES}svg{background:var(--paper)}`;

/** A picture as a file of SVG, with its rules and colors. @example await writeFile(`${picture.name}.svg`, svgFile(picture)); */
export const svgFile = ({ drawing }: Picture): string =>
  markupText({ ...drawing, children: [h('style', null, STYLE), ...drawing.children] }).replace(
    /(?<=<style>)[^<]*/,
    () => STYLE, // as it is: it has quotes, and no markup
  );

/** A name as a part of a file name: lower-case letters, digits and hyphens. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/(?<=[=[,])-/g, 'minus-') // options with other signs have other names
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
