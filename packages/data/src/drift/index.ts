// The door of the room: what training rows were like, and how the rows of now differ.
export { readProfile, writeProfile } from './profile-file.ts';
export { RowCounts, type ColumnDrift, type RowDrift, type ThenAndNow } from './row-counts.ts';
export { profileRows, type Histogram, type RowProfile } from './row-profile.ts';
export { PSI_LIMITS, type Stability } from '../statistics/stability.ts';
export { rawValues, type WatchedRows } from './watched-columns.ts';
