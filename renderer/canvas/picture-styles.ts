/** The page's rules as one text that stands on its own: fonts that the picture needs are put in, the others left out. */

/** `text` decides which fonts: only files that have some of its letters. */
export async function pictureStyles(text: string): Promise<string> {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
  const parts = await Promise.all(
    rules.map((rule) => (rule instanceof CSSFontFaceRule ? fontRule(rule, text) : rule.cssText)),
  )
  return parts.join('\n')
}

const LINK = /url\(["']?([^"')]+)["']?\)/

async function fontRule(rule: CSSFontFaceRule, text: string): Promise<string> {
  const link = LINK.exec(rule.style.getPropertyValue('src'))?.[1]
  if (link === undefined || !covers(rule.style.getPropertyValue('unicode-range'), text)) return ''
  const base = rule.parentStyleSheet?.href ?? document.baseURI
  try {
    const response = await fetch(new URL(link, base))
    if (!response.ok) return ''
    const data = await dataUrl(await response.blob())
    return rule.cssText.replace(LINK, () => `url("${data}")`)
  } catch {
    // A picture in the system's font is better than none.
    return ''
  }
}

/** True where a `unicode-range` such as "U+0000-00FF, U+0131" has a letter of the text; an empty one has all. */
export function covers(ranges: string, text: string): boolean {
  if (ranges.trim() === '') return true
  const bounds = ranges.split(',').map((range) => {
    const [from = '', to = from] = range.trim().replace(/^u\+/i, '').split('-')
    return [
      Number.parseInt(from.replaceAll('?', '0'), 16),
      Number.parseInt(to.replaceAll('?', 'F'), 16),
    ] as const
  })
  return [...new Set(text)].some((letter) => {
    const code = letter.codePointAt(0) ?? 0
    return bounds.some(([from, to]) => code >= from && code <= to)
  })
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result)))
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The font could not be read.')))
    reader.readAsDataURL(blob)
  })
}
