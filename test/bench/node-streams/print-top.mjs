/** Prints the largest of a table of counts. */

export function printTop(counts, n) {
  const rows = [...counts].sort(([, a], [, b]) => b - a).slice(0, n)
  for (const [key, count] of rows) console.log(`${key}\t${count}`)
}
