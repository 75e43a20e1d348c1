// The door of the room: what training rows were like, and how the rows of now differ.
export { RowCounts, type ColumnDrift, type RowDrift, type ThenAndNow } from './row-counts.ts';
export { profileRows, type Histogram, type RowProfile, readProfile, writeProfile } from './row-profile.ts';
export { PSI_LIMITS, type ShiftVerdict, type Stability } from '../statistics/stability.ts';
export { rawValues, type WatchedRows } from './watched-columns.ts';
