/**
 * What the engine says to people, as a code with slots: the English text stands in answers and logs, and the window says
 * the same in its own language. The codes are stable: they lie in projects and answers.
 */
import { accounts } from './accounts.ts'
import { amountWords, englishDecimals } from './amounts.ts'
import { beforeSigning } from './before-signing.ts'
import { brokenFiles } from './broken-files.ts'
import { captureDamage } from './capture-damage.ts'
import { chain } from './chain.ts'
import { checks } from './checks.ts'
import { edits } from './edits.ts'
import { exports } from './exports.ts'
import { files } from './files.ts'
import { imports } from './imports.ts'
import { leaseKeys } from './lease-keys.ts'
import { lists } from './lists.ts'
import { misfits } from './misfits.ts'
import { models } from './models.ts'
import { nodes } from './nodes.ts'
import { starpacks } from './starpacks.ts'
import { windowRooms } from './window-rooms.ts'
import { packBuilding } from './pack-building.ts'
import { packages } from './packages.ts'
import { readableKinds } from './readable-kinds.ts'
import { sending } from './sending.ts'
import { signing } from './signing.ts'
import { scanDamage } from './scan-damage.ts'
import { space } from './space.ts'
import { stars } from './stars.ts'
import { steps } from './steps.ts'
import { time } from './time.ts'
import { unreadKinds } from './unread-kinds.ts'
import { work } from './work.ts'

interface Plural {
  readonly one: string
  readonly other: string
}

/** A text with slots (`{name}`); `count` chooses between two forms. */
export type Message = string | Plural

type SlotsOfText<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | SlotsOfText<Rest>
  : never
export type SlotsOf<M> = M extends string
  ? SlotsOfText<M>
  : M extends { readonly other: infer Other extends string }
    ? 'count' | SlotsOfText<Other>
    : never

/** The same codes as another language's catalogue, plural where that is. Slots (`{name}`) are compared by tests. */
export type Translation<Original> = {
  readonly [Key in keyof Original]: Original[Key] extends string ? string : Plural
}

/** A sentence, or a part of one. */
export interface Saying {
  readonly code: string
  readonly slots?: Readonly<Record<string, string | number | Saying>>
}

/** A text that has no other language, as a name or what a tool says, or a saying. */
export type Wording = string | Saying

/** Every saying, in English. */
export const SAYINGS = {
  ...time,
  ...space,
  ...work,
  ...files,
  ...exports,
  ...edits,
  ...sending,
  ...models,
  ...signing,
  ...chain,
  ...beforeSigning,
  ...stars,
  ...steps,
  ...checks,
  ...imports,
  ...unreadKinds,
  ...readableKinds,
  ...brokenFiles,
  ...misfits,
  ...captureDamage,
  ...scanDamage,
  ...lists,
  ...leaseKeys,
  ...nodes,
  ...accounts,
  ...windowRooms,
  ...starpacks,
  ...packBuilding,
  ...packages,
} as const
export type SayingCode = keyof typeof SAYINGS
export const isSayingCode = (code: string): code is SayingCode => Object.hasOwn(SAYINGS, code)

type Slots<Messages, Code extends keyof Messages> = [SlotsOf<Messages[Code]>] extends [never]
  ? []
  : [slots: Readonly<Record<SlotsOf<Messages[Code]>, string | number | Saying>>]

/** Makes the sayings of a catalogue: only codes that it has, each with its slots. */
export const sayingOf =
  <Messages>() =>
  <Code extends keyof Messages & string>(
    code: Code,
    ...[slots]: Slots<Messages, Code>
  ): Saying & { readonly code: Code } =>
    slots ? { code, slots } : { code }

export const say: <Code extends SayingCode>(code: Code, ...slots: Slots<typeof SAYINGS, Code>) => Saying =
  sayingOf<typeof SAYINGS>()

/** A reason as answers give it: for programs in English, for the window as what it says. */
export interface Reason {
  readonly reason: string
  readonly said: Saying
}

/** The same where some of it has no code: a tool's own words, or what an older version kept. */
export type Why = Pick<Reason, 'reason'> & Partial<Reason>

export function because<Code extends SayingCode>(code: Code, ...slots: Slots<typeof SAYINGS, Code>): Reason {
  return reasonOf(say(code, ...slots))
}

export const reasonOf = (said: Saying): Reason => ({ reason: inEnglish(said), said })

/** Another's reason as part of a saying: its text where it has no code. */
export const partOf = ({ reason, said }: Why): string | Saying => said ?? reason

export const inEnglish = (words: Wording): string => wordingIn(SAYINGS, words)

/** A wording in the language of a catalogue; a code that it does not have stands for itself. */
export function wordingIn(messages: Readonly<Record<string, Message>>, words: Wording): string {
  if (typeof words === 'string') return words
  const { code, slots = {} } = words
  const amount = amountWords(words, englishDecimals)
  if (amount !== undefined) return amount
  const message = Object.hasOwn(messages, code) ? messages[code] : undefined
  if (message === undefined) return code
  return filled(textOf(message, slots['count'] === 1), (name) => {
    const value = slots[name]
    return typeof value === 'object' ? wordingIn(messages, value) : value?.toString()
  })
}

export const textOf = (message: Message, isOne: boolean): string =>
  typeof message === 'string' ? message : isOne ? message.one : message.other

/** A text with its slots filled; a slot that nothing is given for stays. */
export const filled = (text: string, valueOf: (name: string) => string | undefined): string =>
  text.replaceAll(/\{(\w+)\}/g, (slot, name: string) => valueOf(name) ?? slot)
