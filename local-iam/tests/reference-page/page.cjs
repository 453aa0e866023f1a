// The reference page loads without a console error or a request to anywhere else, and a call made from it succeeds.

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

    await page.goto(ready.reference_url)
    await page.getByRole('heading', { name: 'Affinidi IAM' }).first().waitFor()

    // The public keys need no token, so this is the shortest call a reader can try.
    await page.goto(`${ready.reference_url}#tag/well-known/GET/.well-known/jwks.json`)
    const section = page.locator('[id*="jwks.json"]').first()
    await section.scrollIntoViewIfNeeded()
    await page.getByRole('button', { name: /test request.*jwks\.json/i }).first().click()
    const awaited = page.waitForResponse((response) => response.url() === `${ready.iam_base_url}/.well-known/jwks.json`)
    await page.getByRole('button', { name: /send/i }).first().click()
    const response = await awaited
    assert.equal(response.status(), 200)
    assert.equal((await response.json()).keys[0].alg, 'ES256')
    await page.getByText('200').first().waitFor()

    assert.deepEqual(errors, [])
    assert.deepEqual(elsewhere, [])
    console.log('reference page: loads without errors, and a call made from it succeeds')
  } finally {
    await browser.close()
  }
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
