/** What the command line says of itself. */
import { describe, expect, it } from 'vitest'
import { commands } from '../../electron/hosts/cli/commands/index.ts'
import { helpOnAll, helpOnOne, nearest, usageOf } from '../../electron/hosts/cli/help.ts'

describe('help', () => {
  it('lists every command once, each on one line of a narrow terminal', () => {
    const lines = helpOnAll(80).split('\n')
    for (const { name, summary } of commands) {
      expect(lines.filter((line) => line.startsWith(`  ${name} `))).toEqual([expect.stringContaining(summary)])
    }
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it.each(commands.map((entry) => [entry.name, entry] as const))('tells the forms of %s', async (name, entry) => {
    const command = await entry.load()
    const text = helpOnOne(entry, command, 80)
    expect(text.startsWith(`asterism ${name}`)).toBe(true)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(usageOf(name, command)).toContain(`asterism ${name}`)
    expect(text).not.toContain('undefined')
    expect(command.detail ?? '').not.toContain('\n')
  })

  it('gives a schema to people line by line, and as JSON', async () => {
    const entry = commands.find(({ name }) => name === 'schema')!
    const lines = (await entry.load()).report({ type: 'object', properties: {} })
    expect(lines.filter((line) => line.includes('\n'))).toEqual([])
    expect(JSON.parse(lines.join('\n'))).toEqual({ type: 'object', properties: {} })
  })

  it('guesses what a mistyped name meant, and does not guess wildly', () => {
    expect(nearest('exprt')).toBe('export')
    expect(nearest('reg')).toBe('register')
    expect(nearest('frobnicate')).toBeNull()
    expect(nearest('x')).toBeNull()
  })
})
