import { afterEach, expect, test } from 'vitest'
import { importWork } from '../../../electron/engine/work/import.ts'
import { loadFromWindow } from './window-modules.ts'

const { jobWords } = await loadFromWindow('jobs/job-words')
const { useLanguage } = await loadFromWindow('i18n/text')

afterEach(() => useLanguage.setState({ language: 'en' }))

test('a job is called by its kind, what it does of several things, and what it is about', () => {
  expect(jobWords({ kind: 'sync' })).toBe('Align in time')
  expect(jobWords({ kind: 'import', about: { subject: 'a.mp4' } })).toBe('Import: a.mp4')
  expect(jobWords({ kind: 'mint', about: { subject: 'sepolia', task: 'cost' } })).toBe(
    'What a mint would cost: sepolia',
  )
  useLanguage.setState({ language: 'de' })
  expect(jobWords({ kind: 'chainAct', about: { subject: 'sepolia', task: 'buy' } })).toBe('Ein Werk kaufen: sepolia')
})

test('what a later engine does besides is called by its kind', () => {
  expect(jobWords({ kind: 'chainAct', about: { task: 'unheard of' } })).toBe('Act on the network')
})

test('an import of several is called by the first of them', () => {
  const called = (...paths: string[]): string => jobWords({ kind: 'import', about: importWork.about!({ paths }) })
  expect(called('/take/front.mp4', '/take/side.mp4', '/take/imu.csv')).toBe('Import: front.mp4 + 2')
  expect(called('/take/front.mp4')).toBe('Import: front.mp4')
})
