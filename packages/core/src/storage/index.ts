export { packBundle, unpackBundle, readBundle, writeBundle } from './bundle.ts';
export type { Bundle, BundleFiles, BundleParts } from './bundle.ts';
export { chunksOf } from './bytes.ts';
export type { Claim, FileContent, FileParts, Folder, FolderWriter, ReadParts, Release } from './folder.ts';
export { writeSafetensors, type NamedTensor, type TensorParts } from './safetensors.ts';
export { readSafetensors, type Safetensors } from './safetensors-reader.ts';
export { contentDigest, readSealed, writeSealed, sha256Of } from './seal.ts';
export { listFolder, moveFolder, openFolder, readerOf, removeFolder, type Source } from './source.ts';
