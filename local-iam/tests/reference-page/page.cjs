// The reference page loads without a console error, a request to anywhere else or a link to whoever makes its renderer, and calls
// made from it succeed, with and without a token. No other page can frame it.

const assert = require('node:assert/strict')
const { chromium } = require('playwright-core')

const ready = JSON.parse(process.env.READY)
const origin = new URL(ready.reference_url).origin

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  try {
    const page = await browser.newPage()
    const errors = []
    const elsewhere = []
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (/^https?:$/.test(url.protocol) && url.origin !== origin) elsewhere.push(request.url())
    })

    // What leads away from the page, but for the license that the contract names and the meaning of a status.
    const links = async () => {
      const shown = await page.evaluate(() =>
        [...document.querySelectorAll('a[href]')].filter((link) => link.checkVisibility()).map((link) => link.href),
      )
      const known = [origin, `blob:${origin}`, 'https://www.apache.org/licenses/', 'https://developer.mozilla.org/']
      return shown.filter((link) => !known.some((begin) => link.startsWith(begin)))
    }

    const call = async (section, button, path) => {
      await page.goto('about:blank')
      await page.goto(`${ready.reference_url}#${section}`)
      await page.getByRole('button', { name: button }).first().click()
      const awaited = page.waitForResponse((response) => response.url() === `${ready.iam_base_url}${path}`)
      await page.getByRole('button', { name: /send/i }).first().click()
      const response = await awaited
      assert.equal(response.status(), 200)
      await page.getByText('200').first().waitFor()
      return response.json()
    }

    await page.goto(ready.reference_url)
    await page.getByRole('heading', { name: 'Affinidi IAM' }).first().waitFor()
    if (process.env.SHOT) await page.waitForTimeout(1500), await page.screenshot({ path: process.env.SHOT })

    assert.deepEqual(await links(), [])
    for (const advertising of [/powered by/i, /deploy/i, /generate sdk/i, /developer tools/i]) {
      assert.equal(await page.getByText(advertising).filter({ visible: true }).count(), 0, String(advertising))
    }

    // The public keys need no token. The page has one for what a user may do.
    const keys = await call('tag/well-known/GET/.well-known/jwks.json', /test request.*jwks\.json/i, '/.well-known/jwks.json')
    assert.equal(keys.keys[0].alg, 'ES256')
    const caller = await call('tag/sts/GET/v1/sts/whoami', /test request.*whoami/i, '/v1/sts/whoami')
    assert.equal(caller.principalType, 'user')
    assert.deepEqual(await links(), [])

    assert.deepEqual(errors, [])
    assert.deepEqual(elsewhere, [])

    const other = await browser.newPage()
    const framed = other.waitForEvent('console', (message) => /frame-ancestors|X-Frame-Options/.test(message.text()))
    await other.setContent(`<iframe src="${ready.reference_url}"></iframe>`)
    await framed
    console.log('reference page: loads without errors, and calls made from it succeed')
  } finally {
    await browser.close()
  }
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
