import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { docs } from '../docs/pages';

/** What of playwright-core is used, which docs/package.json installs and the rest does without. */
interface Playwright {
  readonly chromium: {
    launchPersistentContext(folder: string, options: object): Promise<BrowserContext>;
  };
}
interface BrowserContext {
  newPage(): Promise<BrowserPage>;
  close(): Promise<void>;
}
export interface Locator {
  readonly first: () => Locator;
  click(): Promise<void>;
  fill(text: string): Promise<void>;
  count(): Promise<number>;
  waitFor(options?: { readonly state: 'visible' | 'attached' }): Promise<void>;
  allInnerTexts(): Promise<string[]>;
  getAttribute(name: string): Promise<string | null>;
}
export interface BrowserPage {
  goto(url: string, options?: { readonly waitUntil: 'load' | 'networkidle' }): Promise<unknown>;
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>;
  locator(selector: string): Locator;
  /** Runs a text in the page, so that this compiles without the types of a browser. */
  evaluate(script: string): Promise<unknown>;
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
}

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is installed; undefined where none is. */
export const chromium = (): string | undefined => places.find((path) => path !== undefined && existsSync(path));

export interface Browser {
  readonly newPage: () => Promise<BrowserPage>;
  readonly close: () => Promise<void>;
}

/** Starts a browser that asks nobody but the site, with a profile of its own that is gone when it ends. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  const playwright = createRequire(join(docs, 'package.json'))('playwright-core') as Playwright;
  const profile = mkdtempSync(join(tmpdir(), 'lambda-batch-handler-browser-'));
  const context = await playwright.chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    newPage: () => context.newPage(),
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
