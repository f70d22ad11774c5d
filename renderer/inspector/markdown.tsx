/** The small part of Markdown that node docs use: paragraphs, lists, `code`, **strong**. Makes elements, never HTML text. */

export function Markdown({ text }: { text: string }) {
  return <>{text.split(/\n{2,}/).map((block) => renderBlock(block))}</>
}

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
  if (block.startsWith('```')) {
    return (
      <pre key={block}>
        <code>{lines.filter((line) => !line.startsWith('```')).join('\n')}</code>
      </pre>
    )
  }
  return <p key={block}>{renderInline(lines.join(' '))}</p>
}

function renderInline(text: string): React.ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((piece, index) => {
    const key = `${index}${piece}`
    if (piece.startsWith('`') && piece.length > 2) return <code key={key}>{piece.slice(1, -1)}</code>
    if (piece.startsWith('**') && piece.length > 4) return <strong key={key}>{piece.slice(2, -2)}</strong>
    return piece
  })
}
