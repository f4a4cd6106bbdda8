import { beforeAll, describe, expect, test } from '@jest/globals';
import Handlebars from 'handlebars';
import { readAssetTexts } from '../../../src/assets/folders.js';
import { packageRoot } from '../../../src/assets/load.js';
import { layoutHelpers, quotingHelpers } from '../../../src/render/helpers.js';

/** Helpers whose output is safe in a file of this kind; everything else has no quoting, so plain words and comments only. */
const allowedFor: [RegExp, string[]][] = [
  [/\.sh\.hbs$|\/settings\.hbs$/, ['sh', 'word', 'comment', 'text', 'verbatim']],
  [/(Vagrantfile|\.rb)(\.hbs)?$/, ['ruby', 'word', 'comment', 'text']],
  [/\.(html|xml)\.hbs$/, ['html', 'verbatim']],
  [/\.ya?ml\.hbs$/, ['yaml', 'json', 'word', 'comment', 'text']],
  [/\.(json|conflist)\.hbs$/, ['json', 'word']],
  [/\.toml\.hbs$/, ['toml', 'json', 'word', 'comment', 'text']],
  [/\.md\.hbs$|readme\.hbs$/, ['md', 'code', 'word']],
  [/./, ['word', 'comment', 'text']],
];
const blocks = ['each', 'if', 'unless', 'with'];

/** What is wrong with a template: each mustache that prints a value without quoting it for the file's language. */
function lint(path: string, text: string): string[] {
  const allowed = allowedFor.find(([pattern]) => pattern.test(path))?.[1] ?? [];
  const problems: string[] = [];
  const report = (node: hbs.AST.Node, what: string): void => {
    problems.push(`${path}:${node.loc.start.line}: ${what}`);
  };
  const name = (expression: hbs.AST.Expression): string =>
    'original' in expression ? String(expression.original) : '';
  const quoted = (node: hbs.AST.MustacheStatement | hbs.AST.SubExpression): void => {
    const helper = name(node.path);
    const [first] = node.params;
    if (helper in layoutHelpers) {
      if (first?.type === 'SubExpression') quoted(first as hbs.AST.SubExpression);
      else report(node, `${helper} arranges a value that is not quoted`);
    } else if (!allowed.includes(helper)) {
      report(node, `{{${helper}}} prints a value; here one of these is needed: ${allowed.join(' ')}`);
    } else if (node.params.length !== 1 || first?.type !== 'PathExpression') {
      report(node, `${helper} takes one value`);
    }
  };
  const walk = (program: hbs.AST.Program): void => {
    for (const node of program.body) {
      if (node.type === 'MustacheStatement') {
        const mustache = node as hbs.AST.MustacheStatement;
        if (mustache.escaped) quoted(mustache);
        else report(node, 'three braces are not needed: nothing is escaped');
      } else if (node.type === 'BlockStatement') {
        const block = node as hbs.AST.BlockStatement;
        if (!blocks.includes(block.path.original)) report(node, `block ${block.path.original}`);
        walk(block.program);
        // Absent for a block without else, whatever the type says.
        const inverse = block.inverse as hbs.AST.Program | undefined;
        if (inverse) walk(inverse);
      } else if (!['ContentStatement', 'CommentStatement', 'PartialStatement'].includes(node.type)) {
        report(node, node.type);
      }
    }
  };
  walk(Handlebars.parse(text));
  return problems;
}

describe('the lint', () => {
  test.each([
    ['a.sh.hbs', 'x={{name}}'],
    ['a.sh.hbs', 'x={{{sh name}}}'],
    ['a.sh.hbs', 'x={{&name}}'],
    ['a.sh.hbs', 'x={{yaml name}}'],
    ['a.sh.hbs', '{{#if a}}{{else}}{{name}}{{/if}}'],
    ['a.sh.hbs', '{{#each a}}{{#if b}}{{this}}{{/if}}{{/each}}'],
    ['a.sh.hbs', '{{pad name 3}}'],
    ['a.sh.hbs', '{{pad (pad name 3) 4}}'],
    ['a.sh.hbs', '{{sh (yaml name)}}'],
    ['a.sh.hbs', '{{sh "text"}}'],
    ['a.sh.hbs', '{{#shout}}{{/shout}}'],
    ['a.sh.hbs', '{{#> layout}}{{/layout}}'],
    ['a.yaml.hbs', 'x: {{sh name}}'],
    ['a.conflist.hbs', '{{yaml name}}'],
    ['a.service.hbs', 'ExecStart={{sh name}}'],
    ['a.toml.hbs', '{{md name}}'],
  ])('finds the fault of %s %s', (path, text) => {
    expect(lint(path, text)).toHaveLength(1);
  });

  test('accepts quoted values', () => {
    expect(
      lint('a.sh.hbs', '{{! x }}{{#each a}}{{sh name}} {{pad (sh b) 3}}{{else}}{{word c}}{{/each}}{{> p}}'),
    ).toEqual([]);
  });

  test('knows every helper there is', () => {
    const known = new Set(allowedFor.flatMap(([, helpers]) => helpers));
    expect(Object.keys(quotingHelpers).filter((helper) => !known.has(helper))).toEqual([]);
  });
});

describe('the templates of the package', () => {
  let texts = new Map<string, string>();
  beforeAll(async () => {
    texts = await readAssetTexts(packageRoot);
  });

  test('print every value through a helper that quotes it for the file’s language', () => {
    const templates = [...texts].filter(([path]) => path.endsWith('.hbs') || path.endsWith('/machine.rb'));
    expect(templates.length).toBeGreaterThan(5);
    expect(templates.flatMap(([path, text]) => lint(path, text))).toEqual([]);
  });
});
