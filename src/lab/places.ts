import type { Place } from '../errors/error.js';
import { parentOf, type Finding, type Span } from './findings.js';
import type { LabSource } from './lab.js';

/** Where a value was written. */
export interface TreeNode {
  key?: Span;
  value: Span;
  /** A map or list: its key says more than the start of its content. */
  collection: boolean;
  /** Scalar as it stands in the text, quotes left out. */
  text?: string;
}

export type TreeNodes = ReadonlyMap<string, TreeNode>;

/** Turns offsets and value paths into places of one file. */
export class Places {
  private readonly starts: number[] = [0];

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  of(span: Span): Place {
    if (span.setting !== undefined) return settingPlace(span, span.setting);
    const index = this.lineIndex(span.from);
    const start = this.starts[index] ?? 0;
    const end = (this.starts[index + 1] ?? this.text.length + 1) - 1;
    const to = Math.min(Math.max(span.to, span.from + 1), end);
    const length = Math.max(1, this.text.slice(span.from, to).trimEnd().length);
    const text = this.text.slice(start, end);
    return { file: this.file, line: index + 1, column: span.from - start + 1, text, length };
  }

  /** The finding's own place, or that of the value it names, or of its nearest written parent. */
  ofFinding(finding: Finding, nodes: TreeNodes): Place {
    if (finding.span) return this.of(finding.span);
    for (let path = finding.path ?? ''; path !== ''; path = parentOf(path)) {
      const node = nodes.get(path);
      if (node) return this.of(spanOf(node, finding.key === true));
    }
    const root = nodes.get('');
    return this.of(root?.value ?? { from: 0, to: 1 });
  }

  /** The positions of every value, for stages after this one. */
  positions(nodes: TreeNodes): LabSource['positions'] {
    const entries = [...nodes].flatMap(([path, node]) => {
      if (path === '' || path.includes('\0')) return [];
      const { file, text, line, column, length = 1 } = this.of(spanOf(node, false));
      const fromSetting = node.value.setting === undefined ? {} : { file, text };
      return [[path, { line, column, length, ...fromSetting }] as const];
    });
    return Object.fromEntries(entries);
  }

  /** Index of the line an offset lies in. */
  private lineIndex(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function spanOf(node: TreeNode, key: boolean): Span {
  return (key || node.collection ? node.key : undefined) ?? node.value;
}

function settingPlace({ from, to }: Span, setting: string): Place {
  return { file: '--set', line: 1, column: from + 1, text: setting, length: Math.max(1, to - from) };
}
