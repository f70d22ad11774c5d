/** An access log in combined format, as a busy web site would write it. */
import { seededRandom } from './random.ts'
import { zipfSampler } from './zipf.ts'

export interface AccessLogSize {
  lines: number
  /** Distinct pages; each is asked for at least once, the popular ones by Zipf's law. */
  pages: number
  seed: number
}

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Mozilla/5.0 (compatible; ExampleBot/2.1; +http://example.org/bot.html)',
  'curl/8.8.0',
]
const SECTIONS = ['articles', 'products', 'images', 'docs', 'blog', 'downloads', 'people', 'search']
const STATUSES = ['200', '200', '200', '200', '200', '200', '200', '304', '301', '404', '200', '500']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** 1 May 2026, midnight, in seconds. */
const START = 1_777_593_600
const LINES_PER_SECOND = 50

/** Calls `write` with each line, its line feed included. */
export function accessLogLines({ lines, pages, seed }: AccessLogSize, write: (line: string) => void): void {
  const random = seededRandom(seed)
  const rank = zipfSampler(pages, random)
  const paths = Array.from({ length: pages }, (_, page) => pathOf(page))
  // Every so many lines the next page in order, so that all of them occur and the number of groups is exact.
  const every = Math.max(1, Math.floor(lines / pages))
  let time = ''
  for (let line = 0; line < lines; line++) {
    if (line % LINES_PER_SECOND === 0) time = timeText(START + line / LINES_PER_SECOND)
    const inTurn = line % every === 0 && line / every < pages
    const path = paths[inTurn ? line / every : rank()]!
    const chance = random()
    const visitor = Math.floor(chance * 65_536)
    const referrer = visitor % 3 === 0 ? '-' : `https://example.org${paths[visitor % Math.min(pages, 97)]!}`
    write(
      `10.${visitor & 7}.${visitor >> 8}.${visitor & 255} - - [${time}] "GET ${path} HTTP/1.1" ` +
        `${STATUSES[visitor % STATUSES.length]!} ${200 + Math.floor(chance * 48_000)} "${referrer}" "${AGENTS[visitor % AGENTS.length]!}"\n`,
    )
  }
}

/** Paths of 15 to 60 characters, some with a query. */
function pathOf(page: number): string {
  const section = SECTIONS[page % SECTIONS.length]!
  const words = ['how', 'water', 'flows', 'over', 'the', 'weir'].slice(0, page % 7).join('-')
  return `/${section}/${page.toString(36)}/${words}${page % 5 === 0 ? `?page=${page % 13}&sort=new` : '.html'}`
}

/** `01/May/2026:00:00:00 +0000` */
function timeText(seconds: number): string {
  const [date, clock] = new Date(seconds * 1000).toISOString().split('T')
  const [year, month, day] = date!.split('-')
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock!.slice(0, 8)} +0000`
}
