/** The small part of Markdown that node docs use: paragraphs, lists, tables, `code`, **strong**. Makes elements, never HTML text. */

export function Markdown({ text }: { text: string }) {
  return <>{text.split(/\n{2,}/).map((block) => renderBlock(block))}</>
}

/** The line below a table's heading. */
const RULE = /^\|[\s:|-]+\|$/

function renderBlock(block: string): React.ReactNode {
  const lines = block.split('\n')
  if (lines.every((line) => /^[-*] /.test(line))) {
    return (
      <ul key={block}>
        {lines.map((line) => (
          <li key={line}>{renderInline(line.slice(2))}</li>
        ))}
      </ul>
    )
  }
  if (lines.length > 2 && lines.every((line) => line.startsWith('|')) && RULE.test(lines[1] ?? '')) {
    return <Table key={block} lines={lines} />
  }
  if (block.startsWith('```')) {
    return (
      <pre key={block}>
        <code>{lines.filter((line) => !line.startsWith('```')).join('\n')}</code>
      </pre>
    )
  }
  return <p key={block}>{renderInline(lines.join(' '))}</p>
}

function Table({ lines: [head = '', , ...rows] }: { lines: readonly string[] }) {
  return (
    <table>
      <thead>
        <tr>
          {cellsOf(head).map((cell) => (
            <th key={cell} scope="col">
              {renderInline(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            {cellsOf(row).map((cell, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- cells have no identity but their place
              <td key={index}>{renderInline(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

function renderInline(text: string): React.ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((piece, index) => {
    const key = `${index}${piece}`
    if (piece.startsWith('`') && piece.length > 2) return <code key={key}>{piece.slice(1, -1)}</code>
    if (piece.startsWith('**') && piece.length > 4) return <strong key={key}>{piece.slice(2, -2)}</strong>
    return piece
  })
}
