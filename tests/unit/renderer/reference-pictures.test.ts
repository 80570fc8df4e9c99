import { expect, test } from 'vitest'
import { loadFromWindow } from './window-modules.ts'

const { isReferencePicture, lengthBytesOf } = await loadFromWindow('stage/reference-pictures')

const DELIMITER = [0x09, 0x10]
const LEANT_ON = [0x41, 1, 2]
const ALONE = [0x01, 1, 2]
const KEY = [0x65, 1, 2]
const withLengths = (...units: number[][]): Uint8Array =>
  Uint8Array.from(units.flatMap((unit) => [0, 0, 0, unit.length, ...unit]))
const withStartCodes = (...units: number[][]): Uint8Array =>
  Uint8Array.from(units.flatMap((unit) => [0, 0, 1, ...unit]))

test('the first slice of a picture says whether others lean on it', () => {
  for (const [packetOf, lengthBytes] of [
    [withLengths, 4],
    [withStartCodes, 0],
  ] as const) {
    expect(isReferencePicture(packetOf(DELIMITER, ALONE), lengthBytes)).toBe(false)
    expect(isReferencePicture(packetOf(DELIMITER, LEANT_ON, ALONE), lengthBytes)).toBe(true)
    expect(isReferencePicture(packetOf(KEY), lengthBytes)).toBe(true)
  }
})

test('where nothing is plain, it is decoded', () => {
  expect(isReferencePicture(new Uint8Array(), 4)).toBe(true)
  expect(isReferencePicture(Uint8Array.of(0, 0, 0, 99), 4)).toBe(true)
  expect(isReferencePicture(withLengths(DELIMITER), 4)).toBe(true)
})

test('how long the lengths are stands in the description', () => {
  expect(lengthBytesOf(Uint8Array.of(1, 100, 0, 31, 0xff))).toBe(4)
  expect(lengthBytesOf(undefined)).toBe(0)
})
