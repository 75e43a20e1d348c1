export { recognizer, seenRows, type SeenRows, unseen, type UnseenParts, withoutSeen } from './seen-rows.ts';
export { readSeenRows, writeSeenRows } from './seen-rows-file.ts';
