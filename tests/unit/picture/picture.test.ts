import { describe, expect, test } from '@jest/globals';
import { rowsOf, widthOf } from '../../picture/ansi.js';
import { lastRows, pictureOf, someRows } from '../../picture/svg.js';

const esc = '\x1b[';

describe('rows of a recording', () => {
  test('say where each run of one style begins', () => {
    const [row] = rowsOf(`ab${esc}1;31mcd${esc}0m ef`);
    expect(row?.map(({ column, width, text }) => [column, width, text])).toEqual([
      [0, 2, 'ab'],
      [2, 2, 'cd'],
      [4, 3, ' ef'],
    ]);
    expect(row?.map(({ style }) => [style.bold, style.colour])).toEqual([
      [false, null],
      [true, 1],
      [false, null],
    ]);
  });

  test('keep a style over the end of a line, as tmux writes it', () => {
    const rows = rowsOf(`${esc}32mone\ntwo${esc}39m\nthree`);
    expect(rows.map((row) => row[0]?.style.colour)).toEqual([2, 2, null]);
  });

  test.each<[string, object]>([
    ['90', { colour: 8 }],
    ['107', { background: 15 }],
    ['38;5;208', { colour: 208 }],
    ['48;2;1;2;3', { background: [1, 2, 3] }],
    ['38:2::1:2:3', { colour: [1, 2, 3] }],
    ['38;5;9;1', { colour: 9, bold: true }],
    ['1;2;22', { bold: false, dim: false }],
    ['7', { inverse: true }],
    ['7;', { inverse: false }],
  ])('understand the style %s', (parameters, style) => {
    expect(rowsOf(`${esc}${parameters}mx`)[0]?.[0]?.style).toMatchObject(style);
  });

  test('leave out what is not text or style, and empty rows at the end', () => {
    const link = '\x1b]8;;https://example.org\x1b\\';
    const rows = rowsOf(`${esc}2K${esc}?25l${link}ab\x1b]8;;\x07\x1b(B\x0fc\r\n\n  \n${esc}0m\n`);
    expect(rows.map((row) => row.map(({ text }) => text).join(''))).toEqual(['abc']);
  });

  test('count two columns for wide characters and none for accents above others', () => {
    expect(widthOf('a✔─→')).toBe(4);
    expect(widthOf('漢字')).toBe(4);
    expect(widthOf('e\u0301')).toBe(1);
    expect(rowsOf(`漢${esc}1mx`)[0]?.[1]?.column).toBe(2);
  });
});

describe('the picture', () => {
  const draw = (recording: string, title = 'k8slab'): string => pictureOf(rowsOf(recording), title);
  /** x, width and text of every piece. */
  const pieces = (svg: string): [number, number, string][] =>
    [...svg.matchAll(/<tspan x="([\d.]+)" textLength="([\d.]+)"[^>]*>([^<]*)</g)].map(
      ([, x, length, text]) => [Number(x), Number(length), text ?? ''],
    );

  test('shows text as text, whatever it contains', () => {
    const svg = draw('<script>alert("1")</script> & </text>', 'a"<b>');
    expect(svg).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &lt;/text&gt;');
    expect(svg).toContain('aria-label="a&quot;&lt;b&gt;"');
    expect(svg).not.toContain('<script');
  });

  test('puts words of one column below each other, whatever stands before them', () => {
    const found = pieces(draw(`NAME      READY\n${esc}1mcp1${esc}0m       ${esc}32myes`));
    const [ready, yes] = ['READY', 'yes'].map((word) => found.find(([, , text]) => text === word));
    expect(ready?.[0]).toBe(yes?.[0]);
    expect((ready?.[1] ?? 0) / 5).toBeCloseTo((yes?.[1] ?? 0) / 3);
  });

  test('has colours, backgrounds and styles', () => {
    const svg = draw(
      `${esc}38;2;1;2;255ma${esc}0;48;5;196mb${esc}0;3;4mc${esc}0;2md${esc}0;38;5;16me${esc}0;38;5;255mf`,
    );
    expect(svg).toContain('fill="#0102ff">a<');
    expect(svg).toMatch(/<rect [^>]*width="8.4" [^>]*fill="#ff0000"/);
    expect(svg).toContain('font-style="italic" text-decoration="underline">c<');
    expect(svg).toContain('fill-opacity="0.65">d<');
    expect(svg).toContain('fill="#000000">e<');
    expect(svg).toContain('fill="#eeeeee">f<');
  });

  test('swaps colours where a terminal would', () => {
    const background = /<rect [^>]*rx="9" fill="(#\w+)"/.exec(draw(''))?.[1] ?? '';
    const svg = draw(`${esc}7mx`);
    expect(svg).toMatch(/<rect [^>]*width="8.4" [^>]*fill="#d5dbe3"/);
    expect(svg).toContain(`fill="${background}">x<`);
  });

  test('can be read on its own background in every named colour but black', () => {
    const luminance = (colour: string): number => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5]
        .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = luminance(/rx="9" fill="(#\w+)"/.exec(draw(''))?.[1] ?? '');
    const codes = [...Array(15).keys()].map((index) => (index < 7 ? 31 + index : 83 + index));
    const colours = codes.map((code) => / fill="(#\w+)">x</.exec(draw(`${esc}${code}mx`))?.[1] ?? '#d5dbe3');
    for (const colour of colours)
      expect((luminance(colour) + 0.05) / (background + 0.05)).toBeGreaterThan(4.5);
  });

  test('draws frames as lines that meet, and their words as text', () => {
    const svg = draw(`┌─┐\n│${esc}31ma${esc}0m│`);
    const paths = [...svg.matchAll(/<path d="([^"]+)"/g)].map((match) => match[1] ?? '');
    const ends = (path: string): Set<string> => {
      const parts = [...path.matchAll(/M([\d.]+) ([\d.]+)([HV])([\d.]+)/g)];
      return new Set(
        parts.flatMap(([, x, y, way, to]) => [`${x} ${y}`, way === 'H' ? `${to} ${y}` : `${x} ${to}`]),
      );
    };
    const [above, left, right] = paths.map(ends);
    const meeting = [left, right].map((side) => [...(side ?? [])].filter((end) => above?.has(end)));
    expect(meeting.map((points) => points.length)).toEqual([1, 1]);
    expect(pieces(svg).map(([, , text]) => text)).toEqual(['a']);
  });

  test('can leave out what lies between the command and the end', () => {
    const rows = rowsOf([...Array(20).keys()].map((number) => `row ${number}`).join('\n'));
    const shown = lastRows(rows, 3).map((row) => row[0]?.text);
    expect(shown).toEqual(['row 0', '⋮', 'row 17', 'row 18', 'row 19']);
    expect(lastRows(rows, 18)).toEqual(rows);
  });

  test('grows with the rows, is at least 80 columns wide, and refuses more than 100', () => {
    const size = (svg: string): number[] => /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.slice(1).map(Number) ?? [];
    const [width = 0, height = 0] = size(draw('a'));
    expect(size(draw('a\nb'))).toEqual([width, height + 18]);
    expect(size(draw('x'.repeat(80)))[0]).toBe(width);
    expect(size(draw('x'.repeat(100)))[0]).toBeGreaterThan(width);
    expect(() => draw('x'.repeat(101))).toThrow('101 columns');
  });

  test('is the same each time', () => {
    expect(draw(`${esc}32ma`)).toBe(draw(`${esc}32ma`));
  });

  test('some rows have a mark where others are left out', () => {
    const rows = rowsOf(Array.from({ length: 20 }, (_, index) => `row ${index + 1}`).join('\n'));
    const shown = (ranges: string): (string | undefined)[] =>
      someRows(rows, ranges).map((row) => row[0]?.text);
    expect(shown('1,3-4,5,19-')).toEqual(['row 1', '⋮', 'row 3', 'row 4', 'row 5', '⋮', 'row 19', 'row 20']);
    for (const wrong of ['', '0', '21', '4-3', '3,2', '1-,2', 'x'])
      expect(() => someRows(rows, wrong)).toThrow(RangeError);
  });
});
