// Prepares tables for narrow screens, where site.css shows each row as a block: each cell knows its column, and the roles stay those of
// a table. Tables of two columns fit, unless a cell is long.

for (const table of document.querySelectorAll('main table')) {
  const columns = [...table.tHead.rows[0].cells].map((cell) => cell.textContent)
  const long = [...table.querySelectorAll('td')].some((cell) => cell.textContent.length > 300)
  if (columns.length < 3 && !long) continue
  table.classList.add('blocks')
  table.setAttribute('role', 'table')
  for (const row of table.rows) {
    row.setAttribute('role', 'row')
    for (const cell of row.cells) {
      cell.setAttribute('role', cell.localName === 'th' ? 'columnheader' : 'cell')
      cell.dataset.column = columns[cell.cellIndex]
    }
  }
}
