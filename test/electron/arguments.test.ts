/** Which word of a command line is the flow. */
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { documentArgument } from '../../electron/arguments.ts'

const folder = resolve('/home/ada')
const flow = resolve('/home/ada/a.weir.json')

test('a packaged app takes the first word after the binary', () => {
  expect(documentArgument(['/opt/weir', 'a.weir.json'], true, folder)).toBe(flow)
})

test('while developing, the word before is the app’s own folder', () => {
  expect(documentArgument(['electron', '.', 'a.weir.json'], false, folder)).toBe(flow)
})

test('switches are skipped wherever they stand', () => {
  expect(
    documentArgument(['electron', '--no-sandbox', '.', '--inspect=0', 'a.weir.json'], false, folder),
  ).toBe(flow)
  expect(documentArgument(['/opt/weir', '--flag', 'a.weir.json', 'b.weir.json'], true, folder)).toBe(flow)
})

test('no flow is null', () => {
  expect(documentArgument(['electron', '.'], false, folder)).toBeNull()
  expect(documentArgument(['/opt/weir', '--', ''], true, folder)).toBeNull()
})

test('an absolute path stays as it is', () => {
  expect(documentArgument(['/opt/weir', flow], true, resolve('/elsewhere'))).toBe(flow)
})
