// Guides answer questions, reference pages look things up: in the search, guides come first.
const loadIndex = elasticlunr.Index.load
elasticlunr.Index.load = (stored) => {
  const index = loadIndex.call(elasticlunr.Index, stored)
  const weight = ({ ref }) => (window.search.doc_urls[ref].startsWith('guides/') ? 4 : 1)
  const search = index.search
  index.search = (...question) => {
    const results = search.apply(index, question)
    results.forEach((result) => (result.score *= weight(result)))
    return results.sort((one, other) => other.score - one.score)
  }
  return index
}

// site.css leaves one light and one dark theme.
document.getElementById('mdbook-theme-navy').textContent = 'Dark'
