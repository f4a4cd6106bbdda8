import type { CatalogueEntry } from './entry.js';

export const renderEntries = {} satisfies Record<string, CatalogueEntry>;
