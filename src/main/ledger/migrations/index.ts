/**
 * Every migration, oldest first. A number once released never changes: a new need is a new number.
 */
import type { Migration } from '../migrate';
import { meta } from './001-meta';

export const MIGRATIONS: readonly Migration[] = [meta];
