import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../src/assets/load.js';
import { loadChecks } from '../../src/collect/loadChecks.js';
import { evaluate } from '../../src/report/evaluate.js';
import { reportJunit, reportPage } from '../../src/report/pages.js';
import { htmlText } from '../../src/render/quote.js';
import { snapshotOf } from '../unit/checks/fixtures.js';
import { requirePrograms } from './support/programs.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-page-'));
let page = '';
beforeAll(async () => {
  requirePrograms('chromium', 'xmllint');
  const { cluster, snapshot } = snapshotOf('broken/calico-first-found');
  const [assets, checks] = await Promise.all([loadAssets(), loadChecks()]);
  const report = evaluate(cluster, snapshot, checks);
  page = reportPage(assets, cluster, snapshot, report);
  writeFileSync(path.join(folder, 'junit.xml'), reportJunit(assets, cluster, snapshot, report));
  writeFileSync(path.join(folder, 'page.html'), page);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function chromium(...args: string[]): string {
  const headless = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`];
  return execFileSync('chromium', [...headless, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const widths = [320, 640, 1024, 1920];

/** Runs in the browser, over one frame: how far it can be scrolled sideways, and the least contrast of its texts (WCAG 2). */
const look = `(frame) => {
  const { document: page, getComputedStyle: style } = frame.contentWindow;
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = (element) => {
    const colour = style(element).backgroundColor;
    return channels(colour)[3] === 0 && element.parentElement ? paper(element.parentElement) : colour;
  };
  const texts = [...page.body.querySelectorAll('*')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''));
  const contrasts = texts.map((element) => {
    const [a, b] = [light(style(element).color), light(paper(element))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  });
  return {
    width: frame.width,
    overflow: page.documentElement.scrollWidth - page.documentElement.clientWidth,
    texts: texts.length,
    contrast: Math.min(...contrasts),
    paper: style(page.body).backgroundColor,
  };
}`;

interface Seen {
  width: string;
  overflow: number;
  texts: number;
  contrast: number;
  paper: string;
}

/** Lays the page out at every width at once. */
function layOut(...args: string[]): Seen[] {
  const frames = widths.map(
    (width) => `<iframe width="${width}" height="600" srcdoc="${htmlText(page)}"></iframe>`,
  );
  const script = `onload = () => {
    document.title = JSON.stringify([...document.querySelectorAll('iframe')].map(${look}));
  }`;
  const file = path.join(folder, 'frames.html');
  writeFileSync(
    file,
    `<!DOCTYPE html><meta name="color-scheme" content="light dark"><title></title>${frames.join('')}<script>${script}</script>`,
  );
  const dom = chromium(...args, '--dump-dom', `file://${file}`);
  return JSON.parse(/<title>(.*?)<\/title>/.exec(dom)?.[1] ?? '[]') as Seen[];
}

describe('the report page in a browser', () => {
  test.each([
    ['light', 1],
    ['dark', 0],
  ])(
    '%s: fits every width without scrolling sideways, and every text stands out',
    (_name, scheme) => {
      const seen = layOut(`--blink-settings=preferredColorScheme=${scheme}`);
      expect(seen.map(({ width, overflow }) => [width, overflow])).toEqual(
        widths.map((width) => [String(width), 0]),
      );
      for (const { texts, contrast, paper } of seen) {
        expect(texts).toBeGreaterThan(50);
        expect(contrast).toBeGreaterThanOrEqual(4.5);
        expect(Number(/\d+/.exec(paper)?.[0]) > 127).toBe(scheme === 1);
      }
    },
    120_000,
  );

  test('prints', () => {
    const file = path.join(folder, 'page.pdf');
    chromium(`--print-to-pdf=${file}`, `file://${path.join(folder, 'page.html')}`);
    const pdf = readFileSync(file, 'latin1');
    expect(pdf).toMatch(/^%PDF-/);
    expect(pdf).toMatch(/\/Type \/Pages\s+\/Count [1-9]/);
  }, 120_000);
});

test('the JUnit report is well-formed XML', () => {
  execFileSync('xmllint', ['--noout', path.join(folder, 'junit.xml')]);
});
