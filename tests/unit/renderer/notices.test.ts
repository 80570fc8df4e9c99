import { beforeEach, describe, expect, test } from 'vitest'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { loadFromWindow } from './window-modules.ts'

const { dismissNotice, leaveNoticesOf, notify, useSession } = await loadFromWindow('state/session-store')
const { bringToFront } = await loadFromWindow('ui/top-dialog')
const { engineAccess, showFailure } = await loadFromWindow('state/engine-context')
const { tellOfLoss } = await loadFromWindow('state/look-for-media')
const { tellOfRefusals } = await loadFromWindow('library/refusals')
const { forgetAnswers, keepAnswer, keptAnswer, recallAnswer } = await loadFromWindow('state/kept-answer')

/** Opens a dialog as the window does; returns what closes it. */
function openDialog(name: string): { readonly dialog: object; close(): void } {
  const dialog = { name }
  const leave = bringToFront(dialog)
  return {
    dialog,
    close() {
      leave()
      leaveNoticesOf(dialog)
    },
  }
}

const shownIn = (dialog: object | null): string[] =>
  useSession
    .getState()
    .notices.filter((notice) => notice.shownIn === dialog)
    .map(({ title }) => title)

describe('notices', () => {
  beforeEach(() => {
    for (const { id } of useSession.getState().notices) dismissNotice(id)
  })

  test('an error of what was done in a dialog goes with it, and no other dialog shows it', () => {
    const importing = openDialog('import')
    showFailure(new AsterismError('not_found', 'No such file.'))
    expect(shownIn(importing.dialog)).toEqual(['No such file.'])
    const models = openDialog('models')
    expect(shownIn(models.dialog)).toEqual([])
    models.close()
    expect(shownIn(importing.dialog)).toEqual(['No such file.'])
    importing.close()
    expect(useSession.getState().notices).toEqual([])
  })

  test('what the window told waits behind a dialog and is there again', () => {
    showFailure(new AsterismError('internal', 'Of the window.'))
    const dialog = openDialog('export')
    expect(shownIn(dialog.dialog)).toEqual([])
    dialog.close()
    expect(shownIn(null)).toEqual(['Of the window.'])
  })

  test('what went well in a dialog is still shown once that has closed, by the one behind it', () => {
    const wallets = openDialog('wallets')
    const act = openDialog('act')
    notify({ kind: 'success', title: 'Done.' })
    act.close()
    expect(shownIn(wallets.dialog)).toEqual(['Done.'])
    wallets.close()
    expect(shownIn(null)).toEqual(['Done.'])
  })

  test('work that fails is told where the person is, and is not lost with a dialog that it did not begin in', async () => {
    let fail: (error: Error) => void = () => undefined
    const started = new Promise<never>((_resolve, reject) => (fail = reject))
    const client = { jobs: { watch: () => started } } as unknown as EngineClient
    const importing = openDialog('import')
    const done = engineAccess({ client }).run('import', { files: ['a'] })
    importing.close()
    const models = openDialog('models')
    fail(new AsterismError('corrupt_file', 'A broken film.'))
    expect(await done).toBeNull()
    expect(shownIn(models.dialog)).toEqual(['A broken film.'])
    models.close()
    expect(shownIn(null)).toEqual(['A broken film.'])
  })

  test('what is not found of recordings whose files are away is said by the library alone, which looks once', async () => {
    let looks = 0
    const away = { missing: 2, changed: 0 }
    const look = async (): Promise<typeof away> => {
      looks += 1
      return { ...away }
    }
    const client = { media: { look } } as unknown as EngineClient
    const lose = async (...names: string[]): Promise<unknown> =>
      await Promise.all(names.map((name) => tellOfLoss(client, new AsterismError('not_found', `${name} is gone.`))))
    await lose('A scan', 'Another')
    expect(looks).toBe(1)
    expect(shownIn(null)).toEqual([])
    away.missing = 0
    await lose('A path')
    expect(looks).toBe(2)
    expect(shownIn(null)).toEqual(['A path is gone.'])
  })

  test('of many files that are not the ones that are missing, the first are told with their reasons', () => {
    tellOfRefusals(
      'relink',
      [1, 2, 3, 4, 5].map((n) => ({ name: `${n}.mp4`, reason: 'It is longer.' })),
    )
    expect(shownIn(null)).toEqual([
      '1.mp4 is not the recording that is missing',
      '2.mp4 is not the recording that is missing',
      '3.mp4 is not the recording that is missing',
      '2 more files are not the recordings that are missing',
    ])
  })

  test('dialogs may close in any order', () => {
    const first = openDialog('first')
    const second = openDialog('second')
    first.close()
    showFailure(new AsterismError('internal', 'Here.'))
    expect(shownIn(second.dialog)).toEqual(['Here.'])
    second.close()
    notify({ kind: 'error', title: 'There.' })
    expect(shownIn(null)).toEqual(['There.'])
  })
})

describe('an answer that is kept', () => {
  test('is there for whoever looks next, is newer than what the project had, and none of another project', async () => {
    const views = new Map<string, unknown>([['signed', { by: 'before' }]])
    const view = {
      get: async ({ key }: { key: string }) => ({ value: views.get(key) ?? null }),
      set: async ({ key, value }: { key: string; value: unknown }) => void views.set(key, value),
    }
    const client = { view } as unknown as EngineClient
    const recalled = recallAnswer(client, 'signed')
    await keepAnswer(client, 'signed', { by: 'now' })
    await recalled
    expect(keptAnswer('signed')).toEqual({ by: 'now' })
    expect(views.get('signed')).toEqual({ by: 'now' })
    forgetAnswers()
    expect(keptAnswer('signed')).toBeNull()
    await recallAnswer(client, 'signed')
    expect(keptAnswer('signed')).toEqual({ by: 'now' })
  })
})
