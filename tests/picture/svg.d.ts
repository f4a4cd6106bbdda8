import type { Run } from './ansi.js';

export function pictureOf(rows: Run[][], title: string): string;
export function lastRows(rows: Run[][], count: number): Run[][];
export function someRows(rows: Run[][], ranges: string): Run[][];
