import { describe, expect, test } from '@jest/globals';
import type { Assets } from '../../../src/assets/manifests.js';
import { PackageText } from '../../../src/render/helpers.js';
import { fillTemplate } from '../../../src/render/templates.js';

const empty = { title: '', description: '', options: {}, sources: [], images: [], steps: [] };

function assetsOf(texts: Record<string, string>): Assets {
  return {
    providers: {},
    boxes: {},
    base: empty,
    kubernetes: empty,
    runtimes: {},
    cnis: {},
    bootstraps: {},
    loadBalancers: {},
    presets: {},
    texts,
  };
}

const fill = (template: string, context: object, partials?: Record<string, string>): string =>
  fillTemplate(assetsOf({ 'a.hbs': template }), 'a.hbs', context, partials);

describe('templates', () => {
  test('print values through quoting helpers', () => {
    const context = { name: "it's", list: [{ n: 1 }, { n: 2 }], wide: true };
    expect(fill('{{sh name}} {{#each list}}{{word n}}{{#unless @last}},{{/unless}}{{/each}}', context)).toBe(
      String.raw`'it'\''s' 1,2`,
    );
    expect(fill('{{pad (yaml name) 9}}|', context)).toBe('"it\'s"   |');
    expect(fill('{{#if wide}}yes{{/if}}{{#if missing}}no{{/if}}', context)).toBe('yes');
  });

  test('do not escape for HTML', () => {
    expect(fill('{{yaml a}}', { a: '<&>' })).toBe('"<&>"');
  });

  test('take lines of blocks out and keep partials as they stand', () => {
    expect(fill('a\n  {{#each l}}\n  - {{word this}}\n  {{/each}}\nb\n', { l: [1, 2] })).toBe(
      'a\n  - 1\n  - 2\nb\n',
    );
    expect(fill('a\n{{> p}}\nb\n', { x: 1 }, { p: 'x\n  {{word x}}\n' })).toBe('a\nx\n  1\nb\n');
  });

  test.each([
    ['a value that is missing', 'a\n{{sh nothing}}', /a\.hbs, line 2: .*missing/],
    ['a value inside one that is missing', '{{sh nothing.more}}', /a\.hbs/],
    ['a bare value that is missing', '{{nothing}}', /nothing/],
    ['a list that is none', '{{#each name}}{{/each}}', /list/],
    ['an unknown helper', '{{shout name}}', /shout/],
    ['lookup, which would reach anything', '{{sh (lookup this "name")}}', /a\.hbs/],
    ['a value as package text', '{{verbatim name}}', /package/],
    ['an object', '{{sh deep}}', /plain/],
    ["an object's own machinery", '{{sh deep.constructor.name}}', /a\.hbs/],
    ['a partial that is not given', '{{> other}}', /other/],
    ['a block that is not closed', '{{#if name}}', /a\.hbs/],
  ])('refuse %s', (_, template, message) => {
    const context = { name: 'x', deep: { a: 1 } };
    expect(() => fill(template, context)).toThrow(
      expect.objectContaining({
        code: 'RENDER_TEMPLATE',
        message: expect.stringMatching(message),
      }),
    );
  });

  test('name template and line of a value that cannot be printed', () => {
    expect(() => fill('one\ntwo {{word name}}', { name: 'a b' })).toThrow(
      expect.objectContaining({
        code: 'RENDER_VALUE',
        message: expect.stringMatching(/^a\.hbs, line 2: "a b"/),
      }),
    );
  });

  test('print package text as it is', () => {
    expect(fill('{{verbatim t}}', { t: new PackageText('{{name}} $(id)') })).toBe('{{name}} $(id)');
  });

  test('a template that the package does not have is named', () => {
    expect(() => fillTemplate(assetsOf({}), 'b.hbs', {})).toThrow(
      expect.objectContaining({ code: 'RENDER_ASSET', message: 'b.hbs is missing.' }),
    );
  });

  test('are compiled for each text, not for each name', () => {
    expect(fill('one', {})).toBe('one');
    expect(fill('two', {})).toBe('two');
  });
});
