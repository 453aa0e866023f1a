// mdBook's backend for the contract: publishes it with the pages, to download and to browse. Scalar renders the page; its script
// comes from the crate that the local service also uses.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const { root, destination } = JSON.parse(fs.readFileSync(0, 'utf8'))
const folder = path.join(destination, '../html/openapi')

const output = (program, ...options) => execFileSync(program, options, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
const host = output('rustc', '--print=host-tuple').trim()
const metadata = JSON.parse(output('cargo', 'metadata', '--locked', '--format-version=1', `--filter-platform=${host}`))
const scalar = metadata.packages.find(({ name }) => name === 'scalar_api_reference').manifest_path

fs.mkdirSync(folder, { recursive: true })
fs.copyFileSync(path.join(path.dirname(scalar), 'ui/scalar.js'), path.join(folder, 'scalar.js'))
fs.copyFileSync(path.join(root, '../openapi.yaml'), path.join(folder, 'openapi.yaml'))
fs.copyFileSync(path.join(root, 'openapi.html'), path.join(folder, 'index.html'))
