import { existsSync, readdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';

import { expect } from 'chai';

import { allPages, blocksOf, docs } from '../docs/pages';
import { type Browser, type BrowserPage, chromium, startBrowser } from './browser';
import { serve } from './serve';

const dist = join(docs, '.vitepress', 'dist');

/** What is wider than the page, in words. */
const overflow = `(() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll('.vp-doc table, .vp-doc td, .vp-doc .mermaid svg, .vp-doc img')]
    .filter((each) => each.getBoundingClientRect().right > width + 1 || each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.tagName + ': ' + each.textContent.trim().slice(0, 60));
  const page = document.documentElement.scrollWidth;
  return page > width ? ['the page: ' + page, ...wide] : wide;
})()`;

describe('The site, in a browser', function () {
  this.timeout(300_000);

  let browser: Browser | undefined;
  let server: Server | undefined;
  let url: string;
  let page: BrowserPage;
  const faults: string[] = [];

  before(async function () {
    const path = chromium();
    if (path === undefined) {
      console.log('  No Chromium is installed (Debian: apt-get install chromium; else set CHROMIUM): not looked at.');
      this.skip();
    }
    if (!existsSync(join(dist, 'index.html'))) throw new Error('The site is not built: npm run docs');
    ({ server, url } = await serve(dist));
    browser = await startBrowser(path);
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => faults.push(message));
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  for (const [text, heading] of [
    ['records were not run, because an earlier one failed', 'Records were not run'],
    ['overrides an entry without a decorator', 'An override drops the answer'],
    ['Messages that failed are not delayed', 'Messages that failed are not delayed'],
    ['of which nothing has run', 'Nothing has run of what the method returned'],
  ] as const) {
    it(`finds a text of the log: ${text}`, async () => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${url}/start.html`, { waitUntil: 'load' });
      await page.locator('.VPNavBarSearch button').first().click();
      await page.locator('.VPLocalSearchBox input').fill(text);
      await page.locator('.VPLocalSearchBox .result').first().waitFor();

      const found = await page.locator('.VPLocalSearchBox .result').allInnerTexts();
      expect(found.slice(0, 3).join('\n')).to.include(heading);
      const href = await page.locator('.VPLocalSearchBox a.result').first().getAttribute('href');
      expect(href).to.match(/^\/troubleshooting\.html#/);
    });
  }

  for (const { file, text } of allPages().filter((each) => each.file.startsWith('docs/'))) {
    const diagrams = blocksOf(text).filter(({ language }) => language === 'mermaid').length;
    if (diagrams === 0) continue;
    it(`draws the diagrams of ${file}`, async () => {
      await page.goto(`${url}${htmlOf(file)}`, { waitUntil: 'networkidle' });
      await page.locator('.mermaid svg').first().waitFor();

      expect(await page.locator('.mermaid svg').count()).to.equal(diagrams);
      const heights = await page.evaluate(
        `[...document.querySelectorAll('.mermaid svg')].map((each) => each.getBoundingClientRect().height)`,
      );
      for (const height of heights as number[]) expect(height).to.be.above(100);
      const shown = await page.locator('.mermaid svg').allInnerTexts();
      expect(shown.join(' ')).not.to.match(/syntax error/i);
    });
  }

  it('has no page that is wider than a telephone of 390 pixels, tables included', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
    const wide: string[] = [];
    for (const file of files.filter((each) => each !== '404.html')) {
      await page.goto(`${url}/${file.replaceAll('\\', '/')}`, { waitUntil: 'load' });
      if ((await page.locator('.mermaid').count()) > 0) await page.locator('.mermaid svg').first().waitFor();
      for (const each of (await page.evaluate(overflow)) as string[]) wide.push(`${file}: ${each}`);
    }

    expect(files.length).to.be.above(allPages().length);
    expect(wide).to.deep.equal([]);
  });

  it('would notice what is too wide', async () => {
    await page.goto(`${url}/order.html`, { waitUntil: 'load' });
    await page.evaluate(`document.querySelector('.vp-doc td').style.width = '600px'`);

    expect(await page.evaluate(overflow)).not.to.deep.equal([]);
  });

  it('has thrown nothing meanwhile', () => {
    expect(faults).to.deep.equal([]);
  });
});

const htmlOf = (file: string): string => file.replace(/^docs(\/.*)\.md$/, '$1.html');
