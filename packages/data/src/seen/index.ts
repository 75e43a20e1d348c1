export {
  recognizer,
  seenRows,
  type SeenRows,
  unseen,
  type UnseenParts,
  withoutSeen,
  readSeenRows,
  writeSeenRows,
} from './seen-rows.ts';
