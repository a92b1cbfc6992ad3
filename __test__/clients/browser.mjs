// A real browser for the tests of pages: Chromium from PATH, or where CHROMIUM says.

import { spawnSync } from 'node:child_process';

const CHROMIUM = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'].find(
  (command) => command && spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0,
);

/** Why tests that need it are left out; false where it is. */
export const skip = CHROMIUM === undefined && 'there is no Chromium in PATH; CHROMIUM can name one';

/** A browser with a page of this height, and what goes wrong on it as it goes wrong. */
export async function opened({ height }) {
  const { launch } = await import('puppeteer-core');
  const executablePath = spawnSync('sh', ['-c', `command -v ${CHROMIUM}`], { encoding: 'utf8' }).stdout.trim();
  const browser = await launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.setViewport({ width: 1400, height });
  return { browser, page, problems };
}
