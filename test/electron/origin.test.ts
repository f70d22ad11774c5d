/** Addresses that look like ours and are not. */
import { expect, test } from 'vitest'
import { APP_URL, hasOrigin, isHomePage, isWebLink } from '../../electron/origin.ts'

test('our own pages have our origin', () => {
  for (const url of ['app://weir/', 'app://weir/index.html?x#y', 'app://weir'])
    expect(hasOrigin(url, APP_URL)).toBe(true)
  expect(hasOrigin('http://127.0.0.1:5173/x', 'http://127.0.0.1:5173/')).toBe(true)
})

test.each([
  'app://weir.evil/',
  'app://evil/?app://weir/',
  'app://evil@weir/',
  'app://weir:80/',
  'apps://weir/',
  'http://weir/',
  'https://example.com/app://weir/',
  'data:text/html,app://weir/',
  'about:blank',
  '',
  'not an address',
])('%s is not ours', (url) => {
  expect(hasOrigin(url, APP_URL)).toBe(false)
  expect(isHomePage(url, APP_URL)).toBe(false)
})

test('an address that is not known is not ours', () => {
  expect(hasOrigin(undefined, APP_URL)).toBe(false)
})

test('another port of the development server is not ours', () => {
  expect(hasOrigin('http://127.0.0.1:5174/', 'http://127.0.0.1:5173/')).toBe(false)
})

test('only the one page may be navigated to', () => {
  expect(isHomePage('app://weir/#here', APP_URL)).toBe(true)
  expect(isHomePage('app://weir/index.html', APP_URL)).toBe(true)
  expect(isHomePage('app://weir/assets/x.js', APP_URL)).toBe(false)
})

test('https alone opens in the browser', () => {
  expect(isWebLink('https://example.com/')).toBe(true)
  for (const url of ['http://example.com/', 'file:///etc/passwd', 'javascript:0', 'HTTPS', 'smb://x/y']) {
    expect(isWebLink(url)).toBe(false)
  }
})
