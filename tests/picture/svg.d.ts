import type { Run } from './ansi.js';

export function pictureOf(rows: Run[][], title: string): string;
