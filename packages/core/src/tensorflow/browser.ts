/** A page has the backends that it imports, and no others. */
export const loadTensorflow = (): boolean => false;
