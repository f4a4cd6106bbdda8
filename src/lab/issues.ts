import type { z } from 'zod';
import type { ErrorCode } from '../errors/catalogue/index.js';
import { childOf, parentOf, pathKey, shorten, type Finding } from './findings.js';
import { unknownKey, type KnownKeys } from './keys.js';
import type { TreeNodes } from './places.js';
import { closest } from './suggest.js';

type Issue = z.core.$ZodIssue;

/** Looking for the word meant takes time; a file with more than this has no words of ours. */
const mostUnknownKeys = 50;

/** What translating needs to know of the lab file. */
export interface Written {
  nodes: TreeNodes;
  /** Computed when the first unknown key is met. */
  known: () => KnownKeys;
}

/** Findings of the schema, and the paths whose values are not to be used. */
export interface Translated {
  findings: Finding[];
  blocked: string[];
  /** Unknown keys: left out, but nothing else suffers. */
  dropped: string[];
}

/** Takes the schema's issues; gives findings in our words. Paths in `known` were found wrong before. */
export function translateIssues(
  issues: readonly Issue[],
  written: Written,
  known: readonly string[],
): Translated {
  const result: Translated = { findings: [], blocked: [...known], dropped: [] };
  for (const issue of issues) translate(issue, issue.path, written, result);
  return result;
}

function translate(issue: Issue, path: readonly PropertyKey[], written: Written, result: Translated): void {
  const where = pathKey(path);
  if (issue.code === 'invalid_union') {
    const branch = branchMeant(issue.errors);
    if (branch) {
      for (const inner of branch) translate(inner, [...path, ...inner.path], written, result);
      return;
    }
  }
  if (issue.code === 'unrecognized_keys') {
    for (const [index, key] of issue.keys.entries()) {
      if (index >= mostUnknownKeys) {
        result.findings.push({
          code: 'LAB_UNKNOWN_KEY',
          message: 'There is no such key.',
          path: childOf(where, key),
          key: true,
        });
        result.dropped.push(childOf(where, key));
        continue;
      }
      const { meant, ...finding } = unknownKey(where, key, written.known());
      result.findings.push(finding);
      result.dropped.push(childOf(where, key));
      if (meant !== undefined && !written.nodes.has(meant)) result.blocked.push(meant);
    }
    return;
  }
  if (result.blocked.includes(where)) return;
  result.findings.push({ path: where, ...explain(issue, where, written.nodes) });
  // What is missing cannot be left out: its whole group is.
  result.blocked.push(written.nodes.has(where) ? where : parentOf(where));
}

/** Of the shapes a value could have had, the one the person was writing. */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const onTop = (branch: readonly Issue[], codes: readonly string[]): boolean =>
    branch.some((issue) => issue.path.length === 0 && codes.includes(issue.code));
  const fitting = branches.filter((branch) => !onTop(branch, ['invalid_type']));
  return fitting.find((branch) => !onTop(branch, ['invalid_value'])) ?? fitting[0];
}

function explain(issue: Issue, path: string, nodes: TreeNodes): Omit<Finding, 'path'> {
  switch (issue.code) {
    case 'invalid_value':
      return notOneOf(path, nodes.get(path)?.text ?? '', issue.values.map(String));
    case 'too_small':
    case 'too_big':
      return outOfBounds(issue, path, nodes.get(path)?.text);
    case 'custom':
      return custom(issue, path, nodes.get(path)?.text ?? '');
    case 'invalid_type':
      return wrongType(path, expectedWords[issue.expected] ?? issue.expected, nodes);
    case 'invalid_union':
      return wrongType(path, [...new Set(issue.errors.flatMap(expectedOf))].join(' or '), nodes);
    default:
      return { code: 'LAB_TYPE', message: `\`${path}\`: ${issue.message}.` };
  }
}

const expectedWords: Readonly<Record<string, string>> = {
  number: 'a whole number',
  int: 'a whole number',
  string: 'text',
  boolean: '`true` or `false`',
  object: 'a group of settings',
  array: 'a list (lines that start with `- `)',
};

function expectedOf(branch: readonly Issue[]): string[] {
  return branch.flatMap((issue) => {
    if (issue.code === 'invalid_type') return [expectedWords[issue.expected] ?? issue.expected];
    if (issue.code === 'invalid_value') return [`one of ${issue.values.join(', ')}`];
    return issue.code === 'invalid_union' ? issue.errors.flatMap(expectedOf) : [];
  });
}

function wrongType(path: string, expected: string, nodes: TreeNodes): Omit<Finding, 'path'> {
  const label = `\`${path}\``;
  const node = nodes.get(path);
  if (path === '') {
    const message = 'The file is not a group of settings: a lab is lines of `key: value`.';
    return {
      code: 'LAB_NOT_A_MAP',
      message,
      fix: ['workers: 2', 'Compare with a preset: k8slab show 1cp-2w'],
    };
  }
  const { text } = node ?? {};
  if (node === undefined) {
    return { code: 'LAB_MISSING', message: `${label} is missing.`, fix: [`Write it: ${expected}.`] };
  }
  if (!node.collection && (text === undefined || text === '' || text === '~' || text === 'null')) {
    return {
      code: 'LAB_MISSING',
      key: true,
      message: `${label} has no value.`,
      fix: [`Give it one (${expected}), or delete the line.`],
    };
  }
  if (expected.includes('text') && text !== undefined) {
    const version = path.endsWith('version');
    const number = Number(text);
    const read =
      version && Number.isFinite(number) && String(number) !== text ? `: YAML reads it as ${number}` : '';
    return {
      code: version ? 'LAB_VERSION_UNQUOTED' : 'LAB_TYPE',
      message: `${label} is text, but ${shorten(text)} without quotes is a ${text === 'true' || text === 'false' ? 'truth value' : 'number'}${read}.`,
      fix: [`${path.split('.').at(-1) ?? path}: "${shorten(text)}"`],
    };
  }
  const got = node.collection ? 'a group or list' : `\`${shorten(text ?? '')}\``;
  return {
    code: 'LAB_TYPE',
    message: `${label} is ${got}; it has to be ${expected}.`,
    fix: [`Write ${expected}.`],
  };
}

/** A word that is none of the valid ones. */
export function notOneOf(path: string, text: string, valid: readonly string[]): Omit<Finding, 'path'> {
  const similar = closest(text, valid);
  return {
    code: 'LAB_VALUE',
    message: `\`${shorten(text)}\` is no valid \`${path}\`.`,
    fix: [...(similar === undefined ? [] : [`Did you mean \`${similar}\`?`]), `Valid: ${valid.join(', ')}.`],
  };
}

function outOfBounds(
  issue: Issue & { code: 'too_small' | 'too_big' },
  path: string,
  text?: string,
): Omit<Finding, 'path'> {
  const [word, bound] = issue.code === 'too_small' ? ['least', issue.minimum] : ['most', issue.maximum];
  const list = issue.origin === 'array' ? ' entries' : '';
  const value = text === undefined ? '' : `, not ${shorten(text)}`;
  return {
    code: 'LAB_RANGE',
    message: `\`${path}\` is at ${word} ${String(bound)}${list}${value}.`,
    fix: [`Write at ${word} ${String(bound)}.`],
  };
}

function custom(issue: Issue & { code: 'custom' }, path: string, text: string): Omit<Finding, 'path'> {
  const { code, fix } = (issue.params ?? {}) as { code?: ErrorCode; fix?: string };
  return {
    code: code ?? 'LAB_TYPE',
    message: `\`${path}\`: ${shorten(text)} ${issue.message}.`,
    ...(fix !== undefined && { fix: [fix] }),
  };
}
