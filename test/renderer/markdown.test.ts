/** The docs of node types as elements. */
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Markdown } from '../../renderer/inspector/markdown.tsx'

const html = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }))

test('a table has a heading and a row for each line', () => {
  const text = '| format | gives |\n|---|---|\n| `json` | the **value** |\n| `csv` | an object |'
  expect(html(text)).toBe(
    '<table><thead><tr><th scope="col">format</th><th scope="col">gives</th></tr></thead><tbody>' +
      '<tr><td><code>json</code></td><td>the <strong>value</strong></td></tr>' +
      '<tr><td><code>csv</code></td><td>an object</td></tr></tbody></table>',
  )
})

test('lines with bars that are no table stay text', () => {
  expect(html('|a|\n|b|\n|c|')).toBe('<p>|a| |b| |c|</p>')
})

test('paragraphs and lists; what looks like HTML is text', () => {
  expect(html('One <b>bold</b>\nline\n\n- a\n- b')).toBe(
    '<p>One &lt;b&gt;bold&lt;/b&gt; line</p><ul><li>a</li><li>b</li></ul>',
  )
})
