/** What the engine answered last, kept with the view of the project: it outlives the step, the workspace and the window that asked. */
import { useEffect } from 'react'
import { create } from 'zustand'
import type { z } from 'zod'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { showFailure, useHost } from './engine-context.ts'

type ViewClient = Pick<EngineClient, 'view'>

/** By the key of the view; null where nothing was kept. */
const useAnswers = create<{ readonly answers: ReadonlyMap<string, unknown> }>(() => ({ answers: new Map() }))

/** What was kept of another project is none of the one that opens. */
export const forgetAnswers = (): void => useAnswers.setState({ answers: new Map() })

export const keptAnswer = (key: string): unknown => useAnswers.getState().answers.get(key) ?? null

const put = (key: string, answer: unknown): void =>
  useAnswers.setState(({ answers }) => ({ answers: new Map(answers).set(key, answer) }))

/** Seen at once wherever it is shown, also where its panel was left while it was on its way. */
export async function keepAnswer(client: ViewClient, key: string, answer: unknown): Promise<void> {
  put(key, answer)
  await client.view.set({ key, value: JSON.parse(JSON.stringify(answer)) })
}

export async function recallAnswer(client: ViewClient, key: string): Promise<void> {
  if (useAnswers.getState().answers.has(key)) return
  const { value } = await client.view.get({ key })
  // What was answered meanwhile is newer.
  if (!useAnswers.getState().answers.has(key)) put(key, value)
}

export function useKeptAnswer<T>(key: string, schema: z.ZodType<T>): [kept: T | null, keep: (answer: T) => void] {
  const { client } = useHost()
  const value = useAnswers(() => keptAnswer(key))
  useEffect(() => {
    recallAnswer(client, key).catch(showFailure)
  }, [client, key])
  return [schema.safeParse(value).data ?? null, (answer) => void keepAnswer(client, key, answer).catch(showFailure)]
}
