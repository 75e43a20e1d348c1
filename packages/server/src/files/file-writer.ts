/** A column of a file: texts, numbers of 32 bits, or numbers of 64 bits. */
export interface FileColumn {
  readonly name: string;
  readonly kind: 'text' | 'float' | 'double';
}

/** The values of a column: texts or doubles, null where one is missing, or floats. */
export type ColumnValues = (string | null)[] | (number | null)[] | Float32Array;

/** Writes a file of rows, some rows at a time. */
export interface FileWriter {
  /** Appends rows. @param columns the values of each column, all of one length */
  write(columns: readonly ColumnValues[]): Promise<void>;
  /** Ends the file. A file that is not ended is of no use. */
  end(): Promise<void>;
  /** Closes the file, whether it was ended or not. */
  close(): Promise<void>;
}

/** Opens a file to write. An existing file is emptied. */
export type OpenWriter = (path: string, columns: readonly FileColumn[]) => Promise<FileWriter>;
