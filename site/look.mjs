// What `check-pages` looks at in a page. Runs inside the browser, so it uses nothing from around it; returns a list of faults.

export async function look(scheme) {
  const faults = new Set()
  while (!document.documentElement.classList.contains(scheme === 'dark' ? 'navy' : 'light')) await new Promise(requestAnimationFrame)

  // At once, not in the course of a transition.
  if (!document.getElementById('no-transitions')) {
    const style = document.createElement('style')
    style.id = 'no-transitions'
    style.textContent = '* { transition: none !important }'
    document.head.append(style)
  }

  if (document.querySelectorAll('main h1').length !== 1) faults.add('has not one title')

  // Only tables, code and diagrams may scroll sideways, and whatever does shows it by the shadows that site.css draws.
  const frames = [...document.querySelectorAll('html, #mdbook-content, main')]
  const wider = Math.max(...frames.map((frame) => frame.scrollWidth - frame.clientWidth))
  if (wider > 0) faults.add(`is ${wider} pixels too wide`)
  for (const box of document.querySelectorAll('main *')) {
    const style = getComputedStyle(box)
    if (box.scrollWidth <= box.clientWidth || !/auto|scroll|hidden/.test(style.overflowX) || style.position === 'absolute') continue
    const sign = style.backgroundAttachment === 'local, local, scroll, scroll, scroll' && !style.backgroundImage.startsWith('none')
    if (!sign) faults.add(`${box.localName}.${box.className} hides a part of its content without a sign`)
  }
  for (const table of document.querySelectorAll('main table')) {
    if (!table.closest('.table-wrapper')) faults.add('has a table that cannot scroll')
  }

  if (document.querySelector('.language-mermaid')) faults.add('shows the text of a diagram')
  for (const diagram of document.querySelectorAll('figure.diagram')) {
    const { width, height } = diagram.querySelector('svg')?.getBoundingClientRect() ?? { width: 0, height: 0 }
    if (width < 100 || height < 100) faults.add(`has a diagram of ${width} by ${height} pixels`)
  }

  // The contrast of all text (WCAG 2.2, success criterion 1.4.3: at least 4.5).
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const known = new Map()
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
      known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data])
    }
    return known.get(colour)
  }
  const over = (above, below) => above.map((value, index) => (value * above[3] + below[index] * (255 - above[3])) / 255)
  const background = (element) => {
    if (!element) return rgba('white')
    const colour = rgba(getComputedStyle(element).backgroundColor)
    return colour[3] === 255 ? colour : [...over(colour, background(element.parentElement)).slice(0, 3), 255]
  }
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (text, behind) => {
    const [more, less] = [luminance(over(text, behind)), luminance(behind)].sort((one, other) => other - one)
    return (more + 0.05) / (less + 0.05)
  }
  const check = (style, colour, element, text) => {
    const [red, green, blue, alpha] = rgba(colour)
    const found = contrast([red, green, blue, alpha * style.opacity], background(element))
    if (found < 4.5) {
      faults.add(`${scheme}: ${element.localName}.${element.getAttribute('class')} "${text.slice(0, 20)}": contrast ${found.toFixed(1)}`)
    }
  }
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    if (!text || !element.checkVisibility({ visibilityProperty: true }) || element.closest('style, script')) continue
    const style = getComputedStyle(element)
    check(style, element instanceof SVGElement ? style.fill : style.color, element, text.data.trim())
  }
  for (const cell of document.querySelectorAll('td[data-column]')) {
    const style = getComputedStyle(cell, '::before')
    if (style.content !== 'none') check(style, style.color, cell, cell.dataset.column)
  }
  return [...faults]
}

// By how much the colours at the left and at the right edge of a picture differ from the most frequent one, a little above its end.
export async function edges(picture) {
  const image = new Image()
  image.src = `data:image/png;base64,${picture}`
  await image.decode()
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: image.width, height: image.height })
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const row = [...Array(image.width).keys()].map((x) => [...context.getImageData(x, image.height - 4, 1, 1).data])
  const times = new Map()
  for (const colour of row) times.set(`${colour}`, (times.get(`${colour}`) ?? 0) + 1)
  const frequent = [...times].sort((one, other) => other[1] - one[1])[0][0].split(',')
  return [row[2], row.at(-3)].map((edge) => edge.reduce((sum, value, index) => sum + Math.abs(value - frequent[index]), 0))
}
