// Renders the Markdown files like a repository browser, into target/site/repository, for the link checker. All other files and
// folders exist there as empty files.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Marked } from 'marked'
import { gfmHeadingId } from 'marked-gfm-heading-id'

const root = path.join(import.meta.dirname, '..')
const output = path.join(root, 'target/site/repository')

const marked = new Marked(gfmHeadingId(), {
  walkTokens(token) {
    if (token.type === 'link' && !/^[a-z]+:/.test(token.href)) token.href = token.href.replace(/\.md(?=#|$)/, '.md.html')
  },
})

fs.rmSync(output, { recursive: true, force: true })
const list = ['ls-files', '--cached', '--others', '--exclude-standard']
for (const file of execFileSync('git', list, { cwd: root, encoding: 'utf8' }).trim().split('\n')) {
  const target = path.join(output, file)
  fs.mkdirSync(path.dirname(target), { recursive: true })
  fs.writeFileSync(path.join(path.dirname(target), 'index.html'), '')
  if (file.endsWith('.md')) fs.writeFileSync(`${target}.html`, marked.parse(fs.readFileSync(path.join(root, file), 'utf8')))
  else fs.writeFileSync(target, '')
}
