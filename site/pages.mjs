// mdBook's preprocessor: reads context and book from standard input, writes the book to standard output.
//
// - Every page below docs/ must be in docs/SUMMARY.md. Pages outside docs/, which it lists as well, get a path inside the site.
// - Links to what the site has point there, all others to the repository.
// - `<!-- examples -->` becomes the list of examples, with a page for the source of each.
// - `<!-- version -->` becomes the version, and the content of a comment `<!-- site: … -->` appears only on the site.
// - The search finds an operation by its operationId first: it counts what is in a heading most.
// - Diagrams are drawn here, so that readers load no script; their colours come from the theme.

import fs from 'node:fs'
import path from 'node:path'
import { renderMermaidSVG } from 'beautiful-mermaid'
import { examplePages, exampleTable, readExamples } from './examples.mjs'

if (process.argv[2] === 'supports') process.exit(process.argv[3] === 'html' ? 0 : 1)

const [context, book] = JSON.parse(fs.readFileSync(0, 'utf8'))
const repository = context.config.output.html['git-repository-url']
const docs = path.join(context.root, context.config.book.src)
const root = path.join(context.root, '..')

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

// The page of each file of the repository that has one.
const pages = new Map([['openapi.yaml', 'openapi/openapi.yaml']])
for (const chapter of chapters) {
  if (chapter.source_path.startsWith('../')) chapter.path = pathInside(chapter.source_path)
  pages.set(path.join('docs', chapter.source_path), chapter.path)
}
const examples = readExamples(root)
for (const { folder, source, page } of examples) for (const file of [folder, source]) pages.set(file, page)
pages.set('examples', 'examples.md')

let diagrams = 0
for (const chapter of chapters) {
  const link = (target) => onSite(path.join('docs', path.dirname(chapter.source_path), target), chapter.path)
  chapter.content = chapter.content
    .replace('<!-- examples -->', () => exampleTable(examples))
    .replace('<!-- version -->', () => `**Version ${process.env.SITE_VERSION}**`)
    .replace(/<!-- site: (.*?) -->/gs, '$1')
    .replace(/(?<=\]\()(?![a-z]+:)([^)#\s]+)(?=[)#])/g, link)
    .replace(/`[^`\n]*<`\[`[^`\n]*`\]\(\S*?\)`>[^`\n]*`/g, '<span class="joined">$&</span>')
    .replace(/^## `(\w+)`(?=\n\n.*, operationId `(\w+)`)/gm, '## `$1` <span class="search-only">$2</span> {#$1}')
    .replace(/^```mermaid\n(.*?)^```$/gms, (_, source) => diagram(source))
  if (chapter.path === 'examples.md') chapter.sub_items.push(...examplePages(examples, chapter, repository))
}

// ../CHANGELOG.md is changelog.md, and ../local-iam/README.md is local-iam.md.
function pathInside(source) {
  const folder = path.basename(path.dirname(source))
  const name = source.endsWith('/README.md') && folder !== '..' ? `${folder}.md` : path.basename(source)
  return name.toLowerCase()
}

// The link to a file of the repository, from a page.
function onSite(file, page) {
  const target = pages.get(file.replace(/\/$/, ''))
  return target ? path.relative(path.dirname(page), target) : `${repository}/blob/main/${file}`
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
