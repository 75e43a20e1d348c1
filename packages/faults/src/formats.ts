import { findEntry } from '@polytask/components';
import type { FaultFormat } from './format.ts';
import { documents } from './formats/documents.ts';
import { models } from './formats/models.ts';
import { tables } from './formats/tables.ts';

export const formats: readonly FaultFormat[] = [...models, ...tables, ...documents];

/** @throws PolytaskError for an unknown name */
export const formatOf = (name: string): FaultFormat => findEntry(formats, name, 'format');
