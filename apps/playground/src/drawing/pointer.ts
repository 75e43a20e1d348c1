/** A place in the coordinates of a drawing. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a pointer is in a drawing. @param width the width of its `viewBox` @param height its height */
export function placeOf({ clientX, clientY }: PointerEvent, drawing: Element, width: number, height: number): Place {
  const box = drawing.getBoundingClientRect();
  return { x: ((clientX - box.left) / box.width) * width, y: ((clientY - box.top) / box.height) * height };
}
