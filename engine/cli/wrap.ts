/** Text in lines that a terminal has room for. */

const WIDTH = 88

/** Each paragraph in lines of at most the width, every one behind the indent; rows of tables stay whole. */
export function wrap(text: string, indent: string): string {
  const room = Math.max(30, WIDTH - indent.length)
  return text
    .split('\n')
    .flatMap((paragraph) => {
      // Rows of a table stay whole.
      if (paragraph.startsWith('|')) return [paragraph]
      const lines = ['']
      for (const word of paragraph.split(' ')) {
        const last = lines.length - 1
        const longer = lines[last] === '' ? word : `${lines[last]} ${word}`
        if (longer.length > room && lines[last] !== '') lines.push(word)
        else lines[last] = longer
      }
      return lines
    })
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n')
}
