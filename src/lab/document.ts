import { parseDocument, visit, type Document, type YAMLError } from 'yaml';
import type { Finding, Span } from './findings.js';

/** One mistake makes a parser stumble on; the first few messages are about something, the rest are echoes. */
const mostErrors = 3;

/** What the parser's codes mean for the person who wrote the file. */
const explained: Readonly<
  Record<string, { code?: 'LAB_TAB' | 'LAB_MULTIPLE_DOCUMENTS'; message: string; fix: string }>
> = {
  TAB_AS_INDENT: {
    code: 'LAB_TAB',
    message: 'The line is indented with a tab; YAML allows spaces only.',
    fix: 'Indent with two spaces.',
  },
  MULTIPLE_DOCS: {
    code: 'LAB_MULTIPLE_DOCUMENTS',
    message: 'A second document starts here (`---`); a lab is one document.',
    fix: 'Put each lab into a file of its own.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'There are two `: ` on one line: YAML cannot tell which one separates the key from its value.',
    fix: 'Put the nested key on a line of its own, or the value in double quotes if its text has a colon.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'This line is neither `key: value` nor part of what stands above it.',
    fix: 'Write `key: value`, with a space after the colon.',
  },
  MISSING_CHAR: { message: 'Something is missing before this place', fix: 'Close the quote or bracket.' },
  RESOURCE_EXHAUSTION: {
    message: 'The file is nested too deeply.',
    fix: 'Compare with a preset: k8slab show 1cp-2w',
  },
};

/**
 * Parses YAML 1.2 for positions, without resolving anything: no merge keys, no aliases.
 * Takes normalised text; gives the document and what is wrong with its syntax.
 */
export function readDocument(text: string): { document: Document; findings: Finding[] } {
  const document = parseDocument(text, {
    version: '1.2',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const findings = document.errors.slice(0, mostErrors).map((error) => syntaxFinding(error, document));
  if (findings.length === 0 && document.directives.yaml.explicit === true) {
    findings.push({
      code: 'LAB_SYNTAX',
      message: 'The file starts with a YAML directive (`%YAML`); a lab is always YAML 1.2.',
      fix: ['Delete the line.'],
      span: { from: 0, to: 1 },
    });
  }
  return { document, findings };
}

function syntaxFinding(error: YAMLError, document: Document): Finding {
  const known = explained[error.code];
  const own =
    known?.message.endsWith('.') === true
      ? known.message
      : `${known?.message ?? 'Not valid YAML'}: ${error.message}.`;
  return {
    code: known?.code ?? 'LAB_SYNTAX',
    message: own,
    fix: [known?.fix ?? 'Correct the line; compare with a preset: k8slab show 1cp-2w'],
    span: openQuote(error, document) ?? { from: error.pos[0], to: error.pos[1] },
  };
}

/** A quote that is never closed is noticed at the end of the file; the mistake is where it opens. */
function openQuote(error: YAMLError, document: Document): Span | undefined {
  if (error.code !== 'MISSING_CHAR') return undefined;
  let opened: Span | undefined;
  visit(document, {
    Scalar: (_, { type, range }) => {
      const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
      if (quoted && range && range[1] >= error.pos[0]) opened = { from: range[0], to: range[0] + 1 };
    },
  });
  return opened;
}
