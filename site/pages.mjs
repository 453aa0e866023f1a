// mdBook's preprocessor: reads context and book from standard input, writes the book to standard output.
//
// - Every page below docs/ must be in docs/SUMMARY.md.
// - Links that leave docs/ point to the repository, except openapi.yaml, which is published with the pages.
// - Diagrams are drawn here, so that readers load no script; their colours come from the theme.
// - The content of a comment `<!-- site: … -->` appears only on the site.

import fs from 'node:fs'
import path from 'node:path'
import { renderMermaidSVG } from 'beautiful-mermaid'

if (process.argv[2] === 'supports') process.exit(process.argv[3] === 'html' ? 0 : 1)

const [context, book] = JSON.parse(fs.readFileSync(0, 'utf8'))
const repository = context.config.output.html['git-repository-url']
const docs = path.join(context.root, context.config.book.src)

const chapters = []
const collect = (items) => {
  for (const { Chapter: chapter } of items) {
    if (!chapter) continue
    chapters.push(chapter)
    collect(chapter.sub_items)
  }
}
collect(book.items)

const listed = new Set(['SUMMARY.md', ...chapters.map((chapter) => chapter.source_path)])
const missing = fs.readdirSync(docs, { recursive: true }).filter((file) => file.endsWith('.md') && !listed.has(file))
if (missing.length > 0) {
  console.error(`docs/SUMMARY.md does not list ${missing.join(', ')}`)
  process.exit(1)
}

let diagrams = 0
for (const chapter of chapters) {
  chapter.content = chapter.content
    .replace(/<!-- site: (.*?) -->/gs, '$1')
    .replace(/(?<=\]\()(?![a-z]+:)([^)#\s]+)(?=[)#])/g, (link) => onSite(link, path.dirname(chapter.source_path)))
    .replace(/^```mermaid\n(.*?)^```$/gms, (_, source) => diagram(source))
}

// A link of a page in `folder` to another file.
function onSite(link, folder) {
  const target = path.join(folder, link)
  if (target === '../openapi.yaml') return path.join(path.relative(folder, '.'), 'openapi/openapi.yaml')
  if (target.startsWith('../')) return `${repository}/blob/main/${target.slice('../'.length)}`
  return link.replace(/(?<=^|\/)README\.md$/, 'index.md')
}

// A diagram as one HTML block, which has no empty line.
function diagram(source) {
  diagrams += 1
  const description = /^ *accDescr: *(.*)\n/m.exec(source)
  const svg = renderMermaidSVG(source.replace(description[0], ''))
    .replace(/ style="--bg[^"]*"/, '')
    .replace(/@import url\([^)]*\);/, '')
    .replace(/'Inter', system-ui/, 'system-ui')
    .replaceAll('arrowhead', `arrowhead-${diagrams}`)
    .replace(/\s*\n\s*/g, ' ')
  return `<figure class="diagram" role="img" aria-label="${description[1]}">${svg}</figure>`
}

process.stdout.write(JSON.stringify(book))
