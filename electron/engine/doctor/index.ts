/** What this machine has and lacks, and what to do about it. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { DoctorAnswer } from '../../../shared/contract/answers.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { inEnglish } from '../../../shared/sayings/saying.ts'
import { anvilPath } from '../chain/anvil.ts'
import { connectRedis } from '../jobs/farm/redis.ts'
import { redisPlace } from '../jobs/farm/settings.ts'
import { freeBytes } from '../media/disk.ts'
import { encodersOf } from '../media/tool-features.ts'
import { MODELS } from '../models/catalogue.ts'
import { missingModels } from '../models/model-bytes.ts'
import type { Session } from '../session.ts'
import { RECOGNIZERS } from '../speech/index.ts'
import { findBrowser } from './browser.ts'

type Check = DoctorAnswer['checks'][number]
/** Null where there is nothing to say. */
type Examine = (session: Session) => Promise<Check | null> | Check | null

const WANTED_ENCODERS = ['libx264', 'aac'] as const
const LEAST_FREE_BYTES = 5e9

const node: Examine = () => ({
  id: 'node',
  ok: true,
  detail: `Node ${process.versions.node} on ${process.platform} ${process.arch}`,
})

const ffmpeg: Examine = async (session) => {
  const { ffmpeg: tool } = await session.tools()
  return tool
    ? { id: 'ffmpeg', ok: true, detail: `ffmpeg ${tool.version} from ${tool.origin}` }
    : {
        id: 'ffmpeg',
        ok: false,
        detail: 'No ffmpeg 5 or newer was found.',
        fix: 'Debian: apt-get install ffmpeg. macOS: brew install ffmpeg. Windows: winget install ffmpeg.',
      }
}

const ffprobe: Examine = async (session) => {
  const { ffprobe: tool } = await session.tools()
  return tool
    ? { id: 'ffprobe', ok: true, detail: `ffprobe ${tool.version} from ${tool.origin}` }
    : {
        id: 'ffprobe',
        ok: false,
        detail: 'No ffprobe was found beside ffmpeg or on the path.',
        fix: 'It comes with ffmpeg.',
      }
}

const codecs: Examine = async (session) => {
  const { ffmpeg: tool } = await session.tools()
  if (!tool) return { id: 'codecs', ok: false, detail: 'Not known without ffmpeg.', fix: 'Install ffmpeg.' }
  const encoders = await encodersOf(tool, new AbortController().signal)
  const lacking = WANTED_ENCODERS.filter((name) => !encoders.has(name))
  return lacking.length === 0
    ? { id: 'codecs', ok: true, detail: 'H.264 and AAC can be written.' }
    : {
        id: 'codecs',
        ok: false,
        detail: `This ffmpeg cannot write ${lacking.join(', ')}.`,
        fix: 'Install a full build of ffmpeg.',
      }
}

const browser: Examine = () => {
  const found = findBrowser()
  return found
    ? { id: 'browser', ok: true, detail: found }
    : {
        id: 'browser',
        ok: false,
        detail: 'No Chromium or Chrome was found; the studio needs one where Electron is missing.',
        fix: 'Debian: apt-get install chromium.',
      }
}

const electron: Examine = () => {
  const folder = join(createRequire(import.meta.url).resolve('electron/package.json'), '..')
  const present = existsSync(join(folder, 'path.txt'))
  return present
    ? { id: 'electron', ok: true, detail: 'The desktop shell is installed.' }
    : {
        id: 'electron',
        ok: false,
        detail: "Electron's program is not on this machine; npm start opens the studio in a browser instead.",
        fix: 'npx install-electron, where github.com can be reached.',
      }
}

const anvil: Examine = () => {
  try {
    return { id: 'chain', ok: true, detail: `The practice chain is ready to run (${anvilPath()}).` }
  } catch (error) {
    return {
      id: 'chain',
      ok: false,
      detail: error instanceof Error ? error.message : String(error),
      fix: 'npm ci brings it with it.',
    }
  }
}

const speech: Examine = async () => {
  const missing = await Promise.all(RECOGNIZERS.map((each) => each.missing()))
  const ready = RECOGNIZERS.find((_, n) => missing[n] === null)
  return ready
    ? { id: 'speech', ok: true, detail: inEnglish(ready.note) }
    : {
        id: 'speech',
        ok: false,
        detail: 'Nothing here turns speech into words.',
        fix: missing.flatMap((each) => (each ? [inEnglish(each)] : [])).join(' '),
      }
}

const models: Examine = () => {
  const missing = missingModels()
  return missing.length === 0
    ? {
        id: 'models',
        ok: true,
        detail: [
          ...MODELS.map((entry) => `${entry.title} ${inEnglish(entry.use)}`),
          'Sound axes say what sounds are like',
        ].join('; '),
      }
    : {
        id: 'models',
        ok: false,
        detail: `The weights of ${missing.map((entry) => entry.title).join(', ')} are not on this machine; stars do without.`,
        fix: 'npm ci brings them.',
      }
}

const home: Examine = (session) => {
  try {
    mkdirSync(session.options.home, { recursive: true })
    accessSync(session.options.home, constants.W_OK)
    return { id: 'home', ok: true, detail: `Settings and wallets go to ${session.options.home}` }
  } catch {
    return {
      id: 'home',
      ok: false,
      detail: `${session.options.home} cannot be written.`,
      fix: 'Name another folder in ASTERISM_HOME.',
    }
  }
}

const disk: Examine = async (session) => {
  const free = await freeBytes(existsSync(session.options.home) ? session.options.home : '.')
  if (free === Infinity) return { id: 'disk', ok: true, detail: 'The disk keeps no count of its room.' }
  return free >= LEAST_FREE_BYTES
    ? { id: 'disk', ok: true, detail: `${(free / 1e9).toFixed(0)} GB free` }
    : {
        id: 'disk',
        ok: false,
        detail: `Only ${(free / 1e9).toFixed(1)} GB free.`,
        fix: 'Free some space: packages and proxies need it.',
      }
}

/** Only where other machines are to do jobs. */
const farm: Examine = async ({ options }) => {
  if (!options.farm) return null
  const { redisUrl, sharedFolder } = options.farm
  try {
    accessSync(sharedFolder, constants.W_OK)
    const redis = await connectRedis(redisUrl, 'brief')
    redis.disconnect()
    return { id: 'farm', ok: true, detail: `Jobs go to other machines by ${redisPlace(redisUrl)} and ${sharedFolder}` }
  } catch (error) {
    if (error instanceof AsterismError) return { id: 'farm', ok: false, detail: error.message, fix: error.fix }
    return {
      id: 'farm',
      ok: false,
      detail: `The shared folder ${sharedFolder} cannot be written.`,
      fix: 'Mount it, or name another in ASTERISM_SHARED_FOLDER.',
    }
  }
}

const CHECKS: readonly Examine[] = [
  node,
  ffmpeg,
  ffprobe,
  codecs,
  browser,
  electron,
  anvil,
  speech,
  models,
  home,
  disk,
  farm,
]

export async function examineMachine(session: Session): Promise<Check[]> {
  const checks = await Promise.all(CHECKS.map((examine) => examine(session)))
  return checks.filter((check) => check !== null)
}
