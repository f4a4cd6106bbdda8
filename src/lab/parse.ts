import type { Assets } from '../assets/manifests.js';
import { K8slabError, K8slabErrors } from '../errors/error.js';
import { checkOptions } from './choices.js';
import { withDefaults } from './defaults.js';
import { readDocument } from './document.js';
import type { Finding } from './findings.js';
import { translateIssues, type Translated, type Written } from './issues.js';
import { knownKeys } from './keys.js';
import type { ParsedLab } from './lab.js';
import { Places, type TreeNodes } from './places.js';
import { without } from './prune.js';
import { runRules } from './rules/index.js';
import { labSchema, type WrittenLab } from './schema.js';
import { applyToDocument } from './settings.js';
import { normalizeText, unreadable } from './text.js';
import { buildTree, type Tree } from './tree.js';

/** More mistakes than this in one file are one mistake: it is not a lab. */
const mostErrors = 50;

export interface ParseOptions {
  /** `path=value` arguments of `--set`, applied in order before anything is checked. */
  set?: readonly string[];
}

/**
 * Reads a lab's description. Takes the file's text, its name for messages, and the assets whose names it may use.
 * Gives the lab with all defaults, the place of every value that was written, and warnings.
 * Throws K8slabErrors with every mistake at once, each with its place and a fix.
 */
export function parseLab(text: string, file: string, assets: Assets, options: ParseOptions = {}): ParsedLab {
  const { tree, places, findings } = readTree(text, file, options.set ?? []);
  const written: Written = { nodes: tree.nodes, known: () => knownKeys(assets) };
  const { value, translated } = checkShape(tree, assets, written);
  findings.push(...tree.findings, ...translated.findings);

  const lab = value && withDefaults(value, assets);
  if (lab) {
    const isWritten = (path: string): boolean => tree.nodes.has(path);
    findings.push(...runRules({ lab, assets, value, isWritten }, [...tree.blocked, ...translated.blocked]));
  }
  throwErrors(findings, places, tree.nodes);
  if (!lab) throw new Error('a lab was refused without saying why');
  const warnings = findings.map(({ code, message, path }) => ({
    code,
    message,
    ...(path !== undefined && { path }),
  }));
  return { lab, source: { file, text: places.text, positions: places.positions(tree.nodes) }, warnings };
}

/**
 * Applies `--set` arguments to a lab file's text. Gives the new text, comments kept: what `create` writes as lab.yaml.
 * Throws K8slabErrors for text that is not YAML and for settings that cannot be applied.
 */
export function applySettings(text: string, set: readonly string[], file = 'lab.yaml'): string {
  if (set.length === 0) return text;
  const { document, places, findings } = readTree(text, file, set);
  throwErrors(findings, places);
  return document.toString({ lineWidth: 0 });
}

function readTree(text: string, file: string, set: readonly string[]) {
  const places = new Places(file, normalizeText(text));
  throwErrors(unreadable(places.text), places);
  const { document, findings: syntax } = readDocument(places.text);
  throwErrors(syntax, places);
  const { origins, findings } = applyToDocument(document, set);
  if (document.contents === null && findings.length === 0) {
    throwErrors(
      [
        {
          code: 'LAB_EMPTY',
          message: 'The file has no content.',
          fix: ['workers: 2'],
          span: { from: 0, to: 1 },
        },
      ],
      places,
    );
  }
  return { document, places, findings, tree: buildTree(document, origins) };
}

/** Checks names and types; gives what is left of the lab once everything wrong is taken out. */
function checkShape(
  tree: Tree,
  assets: Assets,
  written: Written,
): { value?: WrittenLab; translated: Translated } {
  const schema = labSchema(assets);
  const first = schema.safeParse(without(tree.value, tree.blocked));
  const shape = translateIssues(first.error?.issues ?? [], written, tree.blocked);
  const clean = schema.safeParse(without(tree.value, [...tree.blocked, ...shape.blocked, ...shape.dropped]));
  if (!clean.success) return { translated: shape };
  const options = checkOptions(clean.data, assets, written);
  const value = schema.safeParse(without(clean.data, [...options.blocked, ...options.dropped]));
  const translated = {
    findings: [...shape.findings, ...options.findings],
    blocked: [...shape.blocked, ...options.blocked],
    dropped: [],
  };
  return { translated, ...(value.success && { value: value.data }) };
}

function throwErrors(findings: readonly Finding[], places: Places, nodes: TreeNodes = new Map()): void {
  const wrong = findings
    .filter(({ warning }) => warning !== true)
    .map((finding) => ({ finding, where: places.ofFinding(finding, nodes) }))
    .sort((a, b) => a.where.line - b.where.line || a.where.column - b.where.column);
  if (wrong.length === 0) return;
  const errors = wrong
    .slice(0, mostErrors)
    .map(
      ({ finding: { code, message, fix }, where }) =>
        new K8slabError(code, message, { where, ...(fix && { fix }) }),
    );
  const more = wrong.length - errors.length;
  const last = wrong.at(-1)?.where;
  if (more > 0 && last) {
    errors.push(
      new K8slabError('LAB_MANY_ERRORS', `${more} further mistakes are not shown.`, { where: last }),
    );
  }
  throw new K8slabErrors(errors);
}
