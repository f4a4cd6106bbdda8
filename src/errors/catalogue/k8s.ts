import type { CatalogueEntry } from './entry.js';

export const k8sEntries = {} satisfies Record<string, CatalogueEntry>;
