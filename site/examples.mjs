// The examples of the repository, as the site shows them. What one shows is said in the first lines of its source and nowhere else.

import fs from 'node:fs'
import path from 'node:path'

// All examples, by name: a file of examples/, or a folder with a `main.rs`.
export function readExamples(root) {
  const names = fs.readdirSync(path.join(root, 'examples')).sort()
  return names.flatMap((entry) => {
    const folder = `examples/${entry}`
    const candidates = [folder, `${folder}/main.rs`, `${folder}/src/main.rs`]
    const source = candidates.find((file) => file.endsWith('.rs') && fs.existsSync(path.join(root, file)))
    if (!source) return []
    const name = path.basename(entry, '.rs')
    const others = source === folder ? [] : fs.readdirSync(path.join(root, path.dirname(source))).sort()
    const files = [source, ...others.map((other) => path.join(path.dirname(source), other)).filter((other) => other !== source)]
    const sources = files.map((file) => ({ file, code: fs.readFileSync(path.join(root, file), 'utf8') }))
    const description = /^(\/\/!.*\n)+/.exec(sources[0].code)?.[0].replace(/^\/\/! ?/gm, '').trim()
    if (!description) throw new Error(`${source} does not begin with what it shows`)
    return [{ name, folder, source, page: `examples/${name}.md`, description, sources }]
  })
}

// What each example shows, and the page of its source.
export function exampleTable(examples) {
  const rows = examples.map(({ name, folder, description }) => {
    const shows = description.split('\n\n')[0].replaceAll('\n', ' ').replaceAll('|', '\\|')
    return `| [\`${name}\`](../${folder}) | ${shows} |\n`
  })
  return `| Example | What it shows |\n| --- | --- |\n${rows.join('')}`
}

// One page for each example: what its first lines say, and all of its source.
export function examplePages(examples, chapter, repository) {
  return examples.map(({ name, folder, source, page, description, sources }, index) => {
    const code = sources.map(({ file, code }) => {
      const heading = `## ${file === source ? 'Source' : `\`${path.relative(path.dirname(source), file)}\``}`
      return `${heading}\n\n\`\`\`\`rust,noplayground\n${code.replace(/^(\/\/!.*\n)+\n?/, '')}\`\`\`\`\n`
    })
    const link = `[\`${folder}\` in the repository](${repository}/blob/main/${folder})`
    const content = `# ${name}\n\n${description}\n\n${link}\n\n${code.join('\n')}`
    const number = [...chapter.number, index + 1]
    const parent_names = [...chapter.parent_names, chapter.name]
    return { Chapter: { name, content, number, sub_items: [], path: page, source_path: null, parent_names } }
  })
}
