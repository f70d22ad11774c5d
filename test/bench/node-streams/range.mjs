/** The numbers from 1 to n. */

export function* range(n) {
  for (let value = 1; value <= n; value++) yield value
}
