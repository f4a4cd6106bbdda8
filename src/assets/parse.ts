import { LineCounter, isNode, parseDocument } from 'yaml';
import type { z } from 'zod';
import { K8slabError, K8slabErrors, type Place } from '../errors/error.js';

/**
 * Parses one YAML manifest and checks it against its schema.
 * `file` names it in messages. Throws K8slabErrors with one RENDER_ASSET for every mistake, each with
 * the field's path and its place in the file.
 */
export function parseManifest<T>(file: string, text: string, schema: z.ZodType<T>): T {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true });
  const lines = text.split('\n');
  const place = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col, text: lines[line - 1] ?? '' };
  };
  if (document.errors.length > 0) {
    throw new K8slabErrors(
      document.errors.map(
        (error) =>
          new K8slabError('RENDER_ASSET', `${file}: ${error.message.split('\n')[0] ?? 'not valid YAML'}`, {
            where: place(error.pos[0]),
            cause: error,
          }),
      ),
    );
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new K8slabErrors(
    result.error.issues.map((issue) => {
      const field = fieldName(issue.path);
      const start = nearestOffset(issue.path);
      return new K8slabError(
        'RENDER_ASSET',
        `${file}: ${field === '' ? '' : `${field}: `}${issue.message}.`,
        {
          ...(start === undefined ? {} : { where: place(start) }),
        },
      );
    }),
  );

  function nearestOffset(issuePath: readonly PropertyKey[]): number | undefined {
    for (let length = issuePath.length; length >= 0; length -= 1) {
      const node: unknown = document.getIn(issuePath.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return undefined;
  }
}

/** `steps[2].link` */
function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
