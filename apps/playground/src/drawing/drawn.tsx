import type { Markup } from '@polytask/study';
import { type ComponentChildren, h } from 'preact';

/** An element of a report or a picture, live: only what changes is drawn again. */
export const Drawn = ({ markup }: { readonly markup: Markup }) => <>{elementOf(markup)}</>;

const elementOf = ({ tag, attributes, children }: Markup): ComponentChildren =>
  h(tag, { ...attributes }, ...children.map((child) => (typeof child === 'string' ? child : elementOf(child))));
