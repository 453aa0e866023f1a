// Every page loads without a console error, a failed request or a request to another host, and fits the screen. Diagrams are drawn,
// the search finds the expected page, and both themes are readable.

import assert from 'node:assert/strict'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { chromium } from 'playwright-core'

const root = path.join(import.meta.dirname, '..')
const site = path.join(root, 'target/site/html')
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

const server = http.createServer((request, response) => {
  const file = path.join(site, new URL(request.url, 'http://localhost').pathname)
  const found = fs.existsSync(file) && fs.statSync(file).isFile()
  response.writeHead(found ? 200 : 404, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' })
  response.end(found ? fs.readFileSync(file) : '')
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const origin = `http://127.0.0.1:${server.address().port}`

const screens = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 900 } },
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
try {
  for (const [name, screen] of Object.entries(screens)) {
    const context = await browser.newContext({ ...screen, colorScheme: 'light' })
    const page = await context.newPage()
    const troubles = []
    const trouble = (text) => troubles.push(`${page.url()}: ${text}`)
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

    const pages = await followNavigation(page, trouble)
    await followMenu(page)
    await search(page, 'refresh token', 'guides/consumer-tokens.html')
    await search(page, 'mock', 'guides/testing.html')
    await search(page, 'proxy', 'guides/network.html')
    await search(page, 'lambda', 'guides/lambda-and-synchronous.html')
    await search(page, 'not found', 'guides/troubleshooting.html')
    await search(page, 'listProject', 'apis/ProjectsApi.html')
    await search(page, 'PAT', 'guides/personal-access-tokens.html')
    await browseContract(page)
    for (const theme of ['navy', 'light']) {
      for (const url of ['guides/architecture.html', 'apis/ProjectsApi.html']) await read(page, url, theme, trouble)
    }
    assert.deepEqual(troubles, [], name)
    console.log(`${name}: ${pages} pages, search, contract and themes are fine`)
    await context.close()
  }
} finally {
  await browser.close()
  server.close()
}

// Opens every page of the navigation.
async function followNavigation(page, trouble) {
  await page.goto(`${origin}/index.html`)
  const links = await page.locator('#mdbook-sidebar a[href]').evaluateAll((all) => all.map((link) => link.href))
  const urls = new Set(links.map((link) => link.split('#')[0]))
  const files = fs.readdirSync(path.join(root, 'docs'), { recursive: true }).filter((file) => file.endsWith('.md'))
  assert.equal(urls.size, files.length - 1, 'every page but the summary is in the navigation')
  for (const url of urls) {
    await page.goto(url)
    assert.equal(await page.locator('main h1').count(), 1, `${url} has one title`)
    assert.equal(await page.locator('.language-mermaid').count(), 0, `${url} shows the text of a diagram`)
    await fits(page, trouble)
  }
  await page.goto(`${origin}/guides/architecture.html`)
  const heights = await page.locator('figure svg').evaluateAll((all) => all.map((svg) => svg.getBoundingClientRect().height))
  assert(heights.length >= 2 && heights.every((height) => height > 100), 'the diagrams are drawn')
  return urls.size
}

// Only tables, code and diagrams may scroll sideways.
async function fits(page, trouble) {
  const wider = await page.evaluate(() => {
    const frames = [...document.querySelectorAll('html, #mdbook-content, main')]
    return Math.max(...frames.map((frame) => frame.scrollWidth - frame.clientWidth))
  })
  if (wider > 0) trouble(`is ${wider} pixels too wide`)
}

// Goes to a page by the menu, which a phone shows on request.
async function followMenu(page) {
  await page.goto(`${origin}/index.html`)
  const link = page.locator('#mdbook-sidebar').getByRole('link', { name: 'Architecture' })
  if (!(await link.isVisible())) await page.locator('#mdbook-sidebar-toggle').click()
  await link.click()
  await page.waitForURL('**/guides/architecture.html')
}

async function search(page, words, expected) {
  await page.goto(`${origin}/index.html`)
  await page.locator('#mdbook-search-toggle').click()
  await page.locator('#mdbook-searchbar').pressSequentially(words)
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

// Chooses a theme, and looks at the contrast of all text (WCAG 2.2, success criterion 1.4.3: at least 4.5).
async function read(page, url, theme, trouble) {
  await page.goto(`${origin}/${url}`)
  await page.locator('#mdbook-theme-toggle').click()
  await page.locator(`#mdbook-theme-${theme}`).click()
  assert(await page.evaluate((theme) => document.documentElement.classList.contains(theme), theme))
  await page.addStyleTag({ content: '* { transition: none !important }' })
  for (const faint of await page.evaluate(faintText)) trouble(`in ${theme}, ${faint}`)
}

function faintText() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const background = (element) => {
    for (; element; element = element.parentElement) {
      const colour = rgba(getComputedStyle(element).backgroundColor)
      if (colour[3] === 255) return colour
    }
    return rgba('white')
  }
  const faint = new Set()
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    if (text.length === 0 || !element.checkVisibility({ visibilityProperty: true }) || element.closest('style')) continue
    const style = getComputedStyle(element)
    const colour = element instanceof SVGElement ? style.fill : style.color
    const [more, less] = [luminance(rgba(colour)), luminance(background(element))].sort((one, other) => other - one)
    const contrast = (more + 0.05) / (less + 0.05)
    if (contrast < 4.5) {
      faint.add(`${element.localName}.${element.getAttribute('class')} "${text[0].data.trim().slice(0, 20)}": contrast ${contrast.toFixed(1)}`)
    }
  }
  return [...faint]
}
