// Looks at every page on a phone and on a desktop, light and dark: it loads without a console error, a failed request or a request to
// another host, it fits the screen, what scrolls sideways shows it, diagrams are drawn, and all text has contrast. The search finds the
// expected page, and menu and contract work.

import assert from 'node:assert/strict'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { edges, look } from './look.mjs'

const root = path.join(import.meta.dirname, '..')
const site = path.join(root, 'target/site/html')
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

const server = http.createServer((request, response) => {
  const file = path.join(site, new URL(request.url, 'http://localhost').pathname)
  const found = fs.existsSync(file) && fs.statSync(file).isFile()
  const type = types[path.extname(file)] ?? 'application/octet-stream'
  response.writeHead(found ? 200 : 404, { 'content-type': type, 'cache-control': 'max-age=3600' })
  response.end(found ? fs.readFileSync(file) : '')
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const origin = `http://127.0.0.1:${server.address().port}`

const screens = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
}

const searches = {
  'refresh token': 'guides/consumer-tokens.html',
  mock: 'guides/testing.html',
  proxy: 'guides/network.html',
  lambda: 'guides/lambda-and-synchronous.html',
  'not found': 'guides/troubleshooting.html',
  listProject: 'apis/ProjectsApi.html',
  PAT: 'guides/personal-access-tokens.html',
  'fault rule': 'local-iam.html',
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
try {
  await Promise.all(Object.entries(screens).map(async ([name, screen]) => {
    const context = await browser.newContext({ ...screen, colorScheme: 'light' })
    const page = await context.newPage()
    const troubles = new Set()
    const trouble = (text) => troubles.add(`${page.url()}: ${text}`)
    page.on('console', (message) => message.type() === 'error' && trouble(message.text()))
    page.on('pageerror', trouble)
    page.on('requestfailed', (request) => {
      // Leaving a page aborts the requests that are still in flight.
      if (request.failure().errorText !== 'net::ERR_ABORTED') trouble(`${request.url()} failed`)
    })
    page.on('response', (response) => response.status() >= 400 && trouble(`${response.url()} is ${response.status()}`))
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (/^https?:$/.test(url.protocol) && url.origin !== origin) trouble(`asks ${url}`)
    })

    const pages = await navigation(page)
    await lookAtAll(page, pages, trouble)
    assert.deepEqual([...troubles], [], name)
    await showsWhatScrolls(page, 'guides/errors-and-retries.html', 'main pre > code')
    if (name === 'desktop') await showsWhatScrolls(page, 'apis/AccountsApi.html', '.table-wrapper')
    await page.emulateMedia({ colorScheme: 'light' })
    await followMenu(page)
    await chooseTheme(page)
    for (const [words, expected] of Object.entries(searches)) await search(page, words, expected)
    await browseContract(page)
    assert.deepEqual([...troubles], [], name)
    console.log(`${name}: ${pages.length} pages, light and dark, search and contract are fine`)
    await context.close()
  }))
} finally {
  await browser.close()
  server.close()
}

// All pages, which must be in the navigation.
async function navigation(page) {
  await page.goto(`${origin}/index.html`)
  const links = await page.locator('#mdbook-sidebar a[href]').evaluateAll((all) => all.map((link) => link.href))
  const urls = [...new Set(links.map((link) => link.split('#')[0]))]
  const files = fs.readdirSync(site, { recursive: true }).filter((file) => file.endsWith('.html'))
  const others = ['toc.html', 'openapi/index.html']
  assert.deepEqual(urls.map((url) => url.slice(origin.length + 1)).sort(), files.filter((file) => !others.includes(file)).sort())
  return urls
}

// Each page is loaded in the one theme and changes to the other, the next page the other way round.
async function lookAtAll(page, urls, trouble) {
  let schemes = ['light', 'dark']
  for (const url of urls) {
    await page.goto(url)
    for (const fault of await page.evaluate(look, schemes[0])) trouble(fault)
    schemes = schemes.reverse()
    await page.emulateMedia({ colorScheme: schemes[0] })
    for (const fault of await page.evaluate(look, schemes[0])) trouble(fault)
  }
}

// The shadow is at the right edge of what begins there, and at the left edge of what ends there.
async function showsWhatScrolls(page, url, selector) {
  const box = page.locator(selector).first()
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${origin}/${url}`)
    await box.evaluate((element) => { element.style.maxWidth = '250px' })
    for (const [end, expected] of [[false, [false, true]], [true, [true, false]]]) {
      await box.evaluate((element, end) => { element.scrollLeft = end ? element.scrollWidth : 0 }, end)
      const found = await page.evaluate(edges, (await box.screenshot()).toString('base64'))
      assert.deepEqual(found.map((difference) => difference > 60), expected, `${colorScheme}: ${selector} at its ${end ? 'end' : 'start'}: ${found}`)
    }
  }
}

// Goes to a page by the menu, which a phone shows on request.
async function followMenu(page) {
  await page.goto(`${origin}/index.html`)
  const link = page.locator('#mdbook-sidebar').getByRole('link', { name: 'Architecture' })
  if (!(await link.isVisible())) await page.locator('#mdbook-sidebar-toggle').click()
  await link.click()
  await page.waitForURL('**/guides/architecture.html')
}

async function chooseTheme(page) {
  await page.locator('#mdbook-theme-toggle').click()
  for (const theme of ['navy', 'light']) {
    await page.locator(`#mdbook-theme-${theme}`).click()
    assert(await page.evaluate((theme) => document.documentElement.classList.contains(theme), theme))
  }
}

async function search(page, words, expected) {
  await page.goto(`${origin}/index.html`)
  await page.locator('#mdbook-search-toggle').click()
  await page.locator('#mdbook-searchbar').fill(words)
  await page.locator('#mdbook-searchbar').press('Shift')
  await page.getByText(`results for '${words}'`).waitFor()
  const links = (await page.locator('#mdbook-searchresults a').all()).slice(0, 3)
  const found = await Promise.all(links.map((link) => link.evaluate(({ href }) => new URL(href).pathname)))
  assert(found.includes(`/${expected}`), `${expected} is not among the first results for ${words}: ${found}`)
  await links[found.indexOf(`/${expected}`)].click()
  await page.waitForURL(`**/${expected}?*`)
}

async function browseContract(page) {
  await page.goto(`${origin}/openapi.html`)
  await page.getByRole('link', { name: 'Browse it' }).click()
  await page.getByRole('heading', { name: 'Affinidi IAM' }).first().waitFor()
  const served = await (await page.request.get(`${origin}/openapi/openapi.yaml`)).text()
  assert.equal(served, fs.readFileSync(path.join(root, 'openapi.yaml'), 'utf8'))
  await page.getByRole('link', { name: 'Back to the documentation' }).click()
  await page.waitForURL('**/openapi.html')
}
