/**
 * The last answer of the engine, stored with the view of the project, so that it outlives the panel and the window that
 * asked.
 */
import { useEffect } from 'react'
import { create } from 'zustand'
import type { z } from 'zod'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { showFailure, useHost } from './engine-context.ts'

type ViewClient = Pick<EngineClient, 'view'>

/** By the key of the view; null if nothing was stored. */
const useAnswers = create<{ readonly answers: ReadonlyMap<string, unknown> }>(() => ({ answers: new Map() }))

/** Answers of another project do not belong to the opened one. */
export const forgetAnswers = (): void => useAnswers.setState({ answers: new Map() })

export const keptAnswer = (key: string): unknown => useAnswers.getState().answers.get(key) ?? null

const put = (key: string, answer: unknown): void =>
  useAnswers.setState(({ answers }) => ({ answers: new Map(answers).set(key, answer) }))

/** Updates at once wherever it is shown, even if its panel was closed in the meantime. */
export async function keepAnswer(client: ViewClient, key: string, answer: unknown): Promise<void> {
  put(key, answer)
  await client.view.set({ key, value: JSON.parse(JSON.stringify(answer)) })
}

export async function recallAnswer(client: ViewClient, key: string): Promise<void> {
  if (useAnswers.getState().answers.has(key)) return
  const { value } = await client.view.get({ key })
  // An answer received in the meantime is newer.
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
